"""Cities as Chinese inventors write them: per province, and strings that no one can place.

``plain`` names belong to one province beyond doubt. ``harder`` strings (districts, older names, other
spellings, the province in the city's place, post codes, typing errors) belong to it too, but a reader
may fail on them; a patent of the study has them only beside a plain one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProvincePlaces:
    """The names of one province and of the places in it."""

    name: str
    plain: tuple[str, ...]
    harder: tuple[str, ...] = ()


PLACES = {
    "BJ": ProvincePlaces(
        "Beijing",
        ("Beijing",),
        (
            "Haidian District",
            "Haidian",
            "Haidian District, Beijing",
            "Chaoyang District, Beijing",
            "Peking",
            "Bei Jing",
            "BEI JING",
            "Beijing 100084",
            "Beijing Municipality",
            "Beijng",
            "Beijiing",
            "北京",
        ),
    ),
    "SH": ProvincePlaces(
        "Shanghai",
        ("Shanghai",),
        (
            "Pudong",
            "Pudong New Area",
            "Pudong New Area Shanghai",
            "Zhangjiang",
            "Minhang District",
            "Xuhui District, Shanghai",
            "Shang Hai",
            "Shangahi",
            "上海",
        ),
    ),
    "GD": ProvincePlaces(
        "Guangdong",
        (
            "Shenzhen",
            "Shenzhen",
            "Shenzhen",
            "Guangzhou",
            "Guangzhou",
            "Dongguan",
            "Foshan",
            "Zhuhai",
            "Huizhou, Guangdong",
        ),
        (
            "Shen Zhen",
            "ShenZhen",
            "ShenZhen Guangdong",
            "Guang Zhou",
            "Canton",
            "Shunde",
            "Foshan City",
            "Longgang District, Shenzhen",
            "Nanshan District Shenzhen",
            "c/o Patent Department, Bantian, Shenzhen",
            "Shenzen",
            "Guangzhuo",
        ),
    ),
    "JS": ProvincePlaces(
        "Jiangsu",
        (
            "Nanjing",
            "Nanjing",
            "Nanjing",
            "Wuxi",
            "Wuxi",
            "Suzhou, Jiangsu",
            "Kunshan",
            "Changzhou",
            "Nantong",
            "Xuzhou",
        ),
        (
            "Nan Jing",
            "NANJING CITY",
            "Nanking",
            "Soochow",
            "Wuxi Jiangsu 214122",
            "Jiangning District, Nanjing",
            "Gulou District, Nanjing",
            "No. 29 Yudao Street, Nanjing",
            "Nanjing, Jiangsu, P.R. China",
            "Suzhou Industrial Park",
            "Suzhou City, Jiangsu Province",
            "Taizhou, Jiangsu Province",
            "Zhangjiagang",
            "Jiangsu Province",
            "Jiangsu",
            "Nanjjing",
            "南京",
        ),
    ),
    "ZJ": ProvincePlaces(
        "Zhejiang",
        ("Hangzhou", "Hangzhou", "Ningbo", "Wenzhou", "Jiaxing"),
        ("Hang Zhou", "Yiwu", "Taizhou Zhejiang", "Xihu District, Hangzhou", "Hanghzou"),
    ),
    "TJ": ProvincePlaces(
        "Tianjin", ("Tianjin",), ("Tientsin", "Tian Jin", "Nankai District, Tianjin", "Tianjing")
    ),
    "SC": ProvincePlaces(
        "Sichuan", ("Chengdu", "Chengdu", "Mianyang"), ("Cheng Du", "Chengdu, Sichuan Province", "Chendu")
    ),
    "HB": ProvincePlaces("Hubei", ("Wuhan", "Wuhan", "Yichang, Hubei"), ("Wu Han", "Xiaogan, Hubei")),
    "SN": ProvincePlaces("Shaanxi", ("Xi'an", "Xian", "Xianyang, Shaanxi"), ("Xi an", "Sian", "Shaanxi")),
    "LN": ProvincePlaces("Liaoning", ("Dalian", "Shenyang"), ("Da Lian",)),
    "FJ": ProvincePlaces("Fujian", ("Xiamen", "Quanzhou, Fujian", "Fuzhou, Fujian"), ("Amoy",)),
    "SD": ProvincePlaces("Shandong", ("Qingdao", "Yantai", "Jinan, Shandong"), ("Tsingtao",)),
    "HN": ProvincePlaces("Hunan", ("Changsha", "Zhuzhou"), ("Chang Sha", "Hengyang County")),
    "AH": ProvincePlaces("Anhui", ("Hefei", "Wuhu"), ("Suzhou, Anhui",)),
    "CQ": ProvincePlaces("Chongqing", ("Chongqing",), ("Chungking",)),
    "HL": ProvincePlaces("Heilongjiang", ("Harbin", "Daqing"), ("Haerbin",)),
    "JL": ProvincePlaces("Jilin", ("Changchun",)),
    "HA": ProvincePlaces("Henan", ("Zhengzhou", "Luoyang")),
    "HE": ProvincePlaces("Hebei", ("Shijiazhuang", "Baoding")),
    "YN": ProvincePlaces("Yunnan", ("Kunming",)),
    "GX": ProvincePlaces("Guangxi", ("Nanning", "Guilin")),
    "JX": ProvincePlaces("Jiangxi", ("Nanchang",), ("Fuzhou, Jiangxi",)),
    "GZ": ProvincePlaces("Guizhou", ("Guiyang, Guizhou",)),
    "HI": ProvincePlaces("Hainan", ("Haikou",)),
    "SX": ProvincePlaces("Shanxi", ("Taiyuan",)),
    "GS": ProvincePlaces("Gansu", ("Lanzhou",)),
    "NM": ProvincePlaces("Inner Mongolia", ("Hohhot",)),
    "XJ": ProvincePlaces("Xinjiang", ("Urumqi",)),
}

# What the city field holds when the province cannot be found. None: the element is missing or empty.
UNPLACEABLE: tuple[str | None, ...] = (
    "China",
    "China",
    "CHINA",
    "P.R. China",
    "P. R. China",
    "PRC",
    "People's Republic of China",
    "Unknown",
    "N/A",
    "--",
    None,
    None,
    "P.O. Box 1120",
    "Room 1203, Building 5",
    "c/o Patent Department",
    "Wangjiatuan Village",
    "Qijiaowan Village",
    "Zhaojiawan Village",
)

HONG_KONG = ("Hong Kong", "Hong Kong", "Kowloon", "HONG KONG", "Hongkong", "Shatin, N.T.")
