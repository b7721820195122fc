"""Which country an inventor counts for, and how its code is cleaned.

The country that counts is the residence where it is printed and usable, else that of the address.
"""

from __future__ import annotations

import re
from functools import lru_cache

# ISO 3166-1 alpha-2 and alpha-3, current codes and those of states that ended after 1970.
_ISO_3166 = """
    AFAFG AXALA ALALB DZDZA ASASM ADAND AOAGO AIAIA AQATA AGATG ARARG AMARM AWABW AUAUS ATAUT AZAZE BSBHS
    BHBHR BDBGD BBBRB BYBLR BEBEL BZBLZ BJBEN BMBMU BTBTN BOBOL BQBES BABIH BWBWA BVBVT BRBRA IOIOT BNBRN
    BGBGR BFBFA BIBDI CVCPV KHKHM CMCMR CACAN KYCYM CFCAF TDTCD CLCHL CNCHN CXCXR CCCCK COCOL KMCOM CGCOG
    CDCOD CKCOK CRCRI CICIV HRHRV CUCUB CWCUW CYCYP CZCZE DKDNK DJDJI DMDMA DODOM ECECU EGEGY SVSLV GQGNQ
    ERERI EEEST SZSWZ ETETH FKFLK FOFRO FJFJI FIFIN FRFRA GFGUF PFPYF TFATF GAGAB GMGMB GEGEO DEDEU GHGHA
    GIGIB GRGRC GLGRL GDGRD GPGLP GUGUM GTGTM GGGGY GNGIN GWGNB GYGUY HTHTI HMHMD VAVAT HNHND HKHKG HUHUN
    ISISL ININD IDIDN IRIRN IQIRQ IEIRL IMIMN ILISR ITITA JMJAM JPJPN JEJEY JOJOR KZKAZ KEKEN KIKIR KPPRK
    KRKOR KWKWT KGKGZ LALAO LVLVA LBLBN LSLSO LRLBR LYLBY LILIE LTLTU LULUX MOMAC MGMDG MWMWI MYMYS MVMDV
    MLMLI MTMLT MHMHL MQMTQ MRMRT MUMUS YTMYT MXMEX FMFSM MDMDA MCMCO MNMNG MEMNE MSMSR MAMAR MZMOZ MMMMR
    NANAM NRNRU NPNPL NLNLD NCNCL NZNZL NINIC NENER NGNGA NUNIU NFNFK MKMKD MPMNP NONOR OMOMN PKPAK PWPLW
    PSPSE PAPAN PGPNG PYPRY PEPER PHPHL PNPCN PLPOL PTPRT PRPRI QAQAT REREU ROROU RURUS RWRWA BLBLM SHSHN
    KNKNA LCLCA MFMAF PMSPM VCVCT WSWSM SMSMR STSTP SASAU SNSEN RSSRB SCSYC SLSLE SGSGP SXSXM SKSVK SISVN
    SBSLB SOSOM ZAZAF GSSGS SSSSD ESESP LKLKA SDSDN SRSUR SJSJM SESWE CHCHE SYSYR TWTWN TJTJK TZTZA THTHA
    TLTLS TGTGO TKTKL TOTON TTTTO TNTUN TRTUR TMTKM TCTCA TVTUV UGUGA UAUKR AEARE GBGBR USUSA UMUMI UYURY
    UZUZB VUVUT VEVEN VNVNM VGVGB VIVIR WFWLF EHESH YEYEM ZMZMB ZWZWE
    ANANT CSCSK CSSCG DDDDR ROROM SUSUN TPTMP YUYUG ZRZAR
"""
_ALPHA_2_BY_ALPHA_3 = {pair[2:]: pair[:2] for pair in _ISO_3166.split()}

_CODE = re.compile(r"[A-Z]{2,3}")


@lru_cache(maxsize=4096)
def country_code(printed: str | None) -> str | None:
    """The two-letter code for a country as printed; None if it is blank, ``omitted``, ``unknown`` or no code.

    Three letters are ISO 3166 alpha-3 (``CHN``) or else a two-letter code with a letter of filling
    (``CNX``, ``SGX``), as PatentsView reads them too. ``NA`` is Namibia.
    """
    code = (printed or "").strip().upper()
    if not code.isascii() or not _CODE.fullmatch(code):
        return None
    return code if len(code) == 2 else _ALPHA_2_BY_ALPHA_3.get(code, code[:2])


def counting_country(residence: str | None, address: str | None) -> str | None:
    """The country an inventor counts for: residence, else address."""
    return country_code(residence) or country_code(address)
