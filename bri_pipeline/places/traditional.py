"""Traditional characters of place names as their simplified forms."""

from __future__ import annotations

_TRADITIONAL = (
    "東广廣臺灣區縣鎮鄉蘇無錫鹽漢慶陝陽陰寧長濱爾齊遼瀋連營盤錦順撫鐵嶺丹興島濟煙濰臨棗萊聊澤開鄭許"
    "駐馬滎鞏義烏麗紹餘慈溫衢馨婁湘張懷邵岳資綿瀘樂內達巴貴遵銅畢節麗滄臘紅雲楚雄龍巖廈門薩爾濱黃岡鄂荊隨"
    "恩鹹惠鳳鬱賀來賓欽梅揭韶關莞順德澄紗蕪淮鳳滁亳銅廬蚌壽贛撫饒豐萬鷹潭銀蘭嘉峪關張掖酒敦煌慶肅"
    "維吾爾烏魯木齊圖魯番喀什庫車獨山橋運圍場圳塢莊縉雲諸暨靜閘楊寶華國際學園業軟"
)
_SIMPLIFIED = (
    "东广广台湾区县镇乡苏无锡盐汉庆陕阳阴宁长滨尔齐辽沈连营盘锦顺抚铁岭丹兴岛济烟潍临枣莱聊泽开郑许"
    "驻马荥巩义乌丽绍余慈温衢馨娄湘张怀邵岳资绵泸乐内达巴贵遵铜毕节丽沧腊红云楚雄龙岩厦门萨尔滨黄冈鄂荆随"
    "恩咸惠凤郁贺来宾钦梅揭韶关莞顺德澄纱芜淮凤滁亳铜庐蚌寿赣抚饶丰万鹰潭银兰嘉峪关张掖酒敦煌庆肃"
    "维吾尔乌鲁木齐图鲁番喀什库车独山桥运围场圳坞庄缙云诸暨静闸杨宝华国际学园业软"
)
assert len(_TRADITIONAL) == len(_SIMPLIFIED)
_TABLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplified(text: str) -> str:
    """The text with the traditional characters of Chinese place names simplified."""
    return text.translate(_TABLE)
