"""Which words can be read as Pinyin syllables."""

from __future__ import annotations

import re
from functools import lru_cache

_SYLLABLES = (
    "zhuang|chuang|shuang|zhang|zheng|zhong|zhuai|zhuan|chang|cheng|chong|chuai|chuan|shang|sheng|shuai|shuan|"
    "niang|liang|jiang|qiang|xiang|jiong|qiong|xiong|guang|kuang|huang|bang|beng|bian|biao|bing|pang|peng|pian|"
    "piao|ping|mang|meng|mian|miao|ming|fang|feng|dang|deng|dian|diao|ding|dong|duan|tang|teng|tian|tiao|ting|"
    "tong|tuan|nang|neng|nian|niao|ning|nong|nuan|lang|leng|lian|liao|ling|long|luan|gang|geng|gong|guai|guan|"
    "kang|keng|kong|kuai|kuan|hang|heng|hong|huai|huan|jian|jiao|jing|juan|qian|qiao|qing|quan|xian|xiao|xing|"
    "xuan|zhai|zhan|zhao|zhei|zhen|zhou|zhua|zhui|zhun|zhuo|chai|chan|chao|chen|chou|chui|chun|chuo|shai|shan|"
    "shao|shei|shen|shou|shua|shui|shun|shuo|rang|reng|rong|ruan|zang|zeng|zong|zuan|cang|ceng|cong|cuan|sang|"
    "seng|song|suan|yang|ying|yong|yuan|wang|weng|bai|ban|bao|bei|ben|bie|bin|pai|pan|pao|pei|pen|pie|pin|pou|"
    "mai|man|mao|mei|men|mie|min|miu|mou|fan|fei|fen|fou|dai|dan|dao|dei|die|diu|dou|dui|dun|duo|tai|tan|tao|"
    "tie|tou|tui|tun|tuo|nai|nan|nao|nei|nen|nie|nin|niu|nou|nuo|nue|lai|lan|lao|lei|lia|lie|lin|liu|lou|lun|"
    "luo|lue|gai|gan|gao|gei|gen|gou|gua|gui|gun|guo|kai|kan|kao|ken|kou|kua|kui|kun|kuo|hai|han|hao|hei|hen|"
    "hou|hua|hui|hun|huo|jia|jie|jin|jiu|jue|jun|qia|qie|qin|qiu|que|qun|xia|xie|xin|xiu|xue|xun|zha|zhe|zhi|"
    "zhu|cha|che|chi|chu|sha|she|shi|shu|ran|rao|ren|rou|rui|run|ruo|zai|zan|zao|zei|zen|zou|zui|zun|zuo|cai|"
    "can|cao|cen|cou|cui|cun|cuo|sai|san|sao|sen|sou|sui|sun|suo|yan|yao|yin|you|yue|yun|wai|wan|wei|wen|ang|"
    "eng|ba|bi|bo|bu|pa|pi|po|pu|ma|me|mi|mo|mu|fa|fo|fu|da|de|di|du|ta|te|ti|tu|na|ne|ni|nu|nv|la|le|li|lu|lv|"
    "ga|ge|gu|ka|ke|ku|ha|he|hu|ji|ju|qi|qu|xi|xu|re|ri|ru|za|ze|zi|zu|ca|ce|ci|cu|sa|se|si|su|ya|ye|yi|yo|yu|"
    "wa|wo|wu|ai|an|ao|ei|en|er|ou|a|e|o"
)
_PINYIN = re.compile(f"(?:{_SYLLABLES})+")
_SYLLABLE = re.compile(_SYLLABLES)


@lru_cache(maxsize=50_000)
def is_pinyin(word: str) -> bool:
    """Whether a lower-case word is a row of Pinyin syllables: ``suzhu`` is, ``suzho`` is not.

    A word that is Pinyin may well be a village no list knows; one that is not must be a slip or foreign.
    """
    return _PINYIN.fullmatch(word) is not None


def is_syllable(word: str) -> bool:
    """Whether a lower-case word is a single Pinyin syllable."""
    return _SYLLABLE.fullmatch(word) is not None
