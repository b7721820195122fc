import pytest

from bri_pipeline.places.hong_kong import is_hong_kong


@pytest.mark.parametrize(
    ("city", "region"),
    [
        ("Hong Kong", None),
        ("HONGKONG", None),
        ("Hong-Kong", None),
        ("Hong\n      Kong", ""),
        ("H.K.", None),
        ("H. K.", None),
        ("HK", None),
        ("HKSAR", None),
        ("Kowloon", None),
        ("Kwun Tong, Kowloon", None),
        ("New Territories", None),
        ("Shatin, N.T.", None),
        ("N.T.", None),
        ("Sha Tin", None),
        ("SHATIN", None),
        ("Tsuen Wan", None),
        ("Wanchai", None),
        ("Wan Chai District", None),
        ("Tai Po", None),
        ("Clear Water Bay", None),
        ("香港", None),
        ("香港九龍", None),
        ("沙田区", None),
        ("Central", "Hong Kong"),
        (None, "HK"),
        ("Xianggang", None),
        ("Hong Kong University of Science and Technology", None),
    ],
)
def test_hong_kong_is_recognised(city, region):
    assert is_hong_kong(city, region)


@pytest.mark.parametrize(
    ("city", "region"),
    [
        (None, None),
        ("", ""),
        ("Hongkou District", None),
        ("Hongdong", None),
        ("Hong He", None),
        ("Hong Kong Middle Road, Qingdao", None),
        ("27 Hong Kong East Rd.", None),
        ("香港中路, 青岛", None),
        ("九龙坡区", None),
        ("Jiulongpo", None),
        ("Kowloonpo", None),
        ("Shatian Town, Dongguan", None),
        ("Taipei", None),
        ("Taiping", None),
        ("Huankou", None),
        ("Nanjing", "Jiangsu"),
        ("HKUST Shenzhen Research Institute, Hong Kong University, Shenzhen", None),
        ("Macau", None),
        ("Shanghai", "HKX"),
        ("Tai An", None),
    ],
)
def test_mainland_names_are_not_hong_kong(city, region):
    assert not is_hong_kong(city, region)
