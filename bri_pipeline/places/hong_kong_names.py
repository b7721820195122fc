"""Names of Hong Kong, of its districts, streets and estates, and the mainland names its streets borrow."""

from __future__ import annotations

from bri_pipeline.places.vocabulary import words

# No mainland division is spelled so, for Cantonese is romanised otherwise: these decide wherever they are.
PLACES = words(
    "apleichau causewaybay chaiwan cheungchau cheungshawan choihung chukyuen clearwaterbay cleartwaterbay "
    "deepwaterbay discoverybay fairviewpark fanling fotan happyvalley heifaukok hengfachuen homantin honglokyuen "
    "hunghom hungshuikiu jardineslookout junkbay kaitak kamtin keiling kennedytown kinglam kornhill "
    "kwaichung kwaifong kwaihing kwaitsing kwunlunglau kwuntong lagunacity laichikok laichikwok laiking lammaisland "
    "lamtin lantauisland laufaushan leikingwan lokfu lukyeungsunchuen maonshan mataukok matauwai meifoo "
    "meifoosunchuen midlevels mongkok muiwo namfungsunchuen ngauchiwan ngautaukok northpoint "
    "pakshekkok patheung pokfulam pokfulum pokfulham pokfoolam quarrybay repulsebay saikung saiwanho saiyingpun "
    "saiyingpoon sanpokong saumauping shamshuipo shamtseng shatin shatinwai shataukok shaukeiwan shauketwan "
    "shekkipmei shekmun sheungshui sheungwan shouson shousonhill siulekyuen siusaiwan southhorizons "
    "stonecutters taikoktsui taikooshing taimeituk taipomarket taipotsai taitam taiwohau tinshuiwai tingkau "
    "tiukengleng tokwawan tseungkwano tsimshatsui tsimshatsuieast tsinglungtau tsingyi tsuenwan tszwanshan "
    "tuenmun tungchung unchau wahfu wanchai wongchukhang wongtaisin yaumatei yautong yautsimmong yauyatchuen "
    "yauyattsuen yuenlong yungshuewan kowloontong kowlooncity kowloonbay hongkongisland hungkiu tsingma "
    "chungkingmansion chungkingmansions diamondhill "
    "queensway harbourcity harborcity taikooplace causewaycentre causeway cyberport plovercove"
)
# Quarters whose names are also English words or mainland names: they decide as a whole segment only.
QUARTERS = words(
    "aberdeen aberdeencentre admiralty braemarhill cityone cityoneshatin hanghau jordan jordanvalley kwongyuen "
    "lantau lamma mountdavis mountparker pengchau princeedward santin saiwan sheko stanley taihang taikoo "
    "cwb tko tsw taipo taiwai taiwo thepeak tinhau tst tsteast victoriapeak wahkwai whampoa whampoagarden "
    "whampoaestate "
    "centralandwestern yautsim eastkowloon westkowloon middlelevels middlelevel midlevel kln "
    "hksciencepark hongkongsciencepark hkust hku cuhk polyu"
)
# Streets under these names are found in Hong Kong only; the mainland says Beijing Road and Hankou Road.
STREETS_OF_HONG_KONG = words(
    "nathan canton peking hankow queens queen's desvoeux voeux hennessy gloucester connaught waterloo argyle "
    "castlepeak cheungshawan salisbury chatham austin lockhart jaffe johnston harcourt caine robinson conduit mody "
    "cameron carnarvon kimberley granville humphreys princeedward laichikok kwuntong hoiyuen waiyip hungto howming "
    "tailinpai kwaihei kingfuk pokfulam stubbs kennedy macdonnell bonham caroline leighton percival yeewo "
    "electric clearwaterbay taipo castle peakroad shektongtsui hollywood "
    "boundary junction grampian matauwai broadwood tatchee"
) - {"castle", "peakroad", "kennedy", "electric", "junction", "caroline", "cameron", "austin", "hollywood"}
# How the region and its parts are written in full or in short; cut off at the end of a field, too.
SURE = words(
    "hongkong honkong hongkongsar hksar hongknog hongkon hongkog honkkong hongkongg hongkonk hoingkong "
    "hongkonng hk kowloon kln newterritories newterritory xianggang heunggong"
)
# Cut-off or misspelt forms are compared with these; each is long and unlike every mainland name.
LONG_NAMES = tuple(
    sorted(
        name
        for name in PLACES | {"hongkong", "kowloon", "newterritories", "xianggang", "kowloonbay"}
        if len(name) >= 6
    )
)
# Provinces and large cities of the mainland: beside one of them a name of Hong Kong is a campus, a company or a street.
MAINLAND = words(
    "anhui fujian fukien gansu guangdong kwangtung guangxi guizhou hainan hebei heilongjiang henan hubei hunan "
    "jiangsu kiangsu jiangxi jilin liaoning neimenggu innermongolia ningxia qinghai shaanxi shanxi shandong sichuan "
    "szechuan tibet xinjiang yunnan zhejiang chekiang beijing peking shanghai tianjin tientsin chongqing chungking "
    "shenzhen shenzen guangzhou guanzhou canton dongguan foshan shunde zhuhai zhongshan huizhou jiangmen shantou "
    "zhaoqing zhanjiang hangzhou ningbo wenzhou jiaxing shaoxing nanjing nanking suzhou soochow wuxi changzhou "
    "nantong kunshan yangzhou xuzhou zhenjiang wuhan hankow hankou chengdu xian qingdao tsingtao jinan yantai weihai "
    "dalian shenyang harbin changchun zhengzhou luoyang changsha nanchang hefei wuhu xiamen amoy fuzhou foochow "
    "quanzhou kunming guiyang nanning guilin haikou sanya taiyuan shijiazhuang tangshan baoding hohhot baotou "
    "lanzhou yinchuan xining urumqi lhasa mianyang ningde"
)
