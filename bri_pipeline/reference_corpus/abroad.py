"""Cities, inventors' names and company forms outside mainland China. All names are made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """What a country's inventors and companies look like in print."""

    cities: tuple[str, ...]
    last_names: tuple[str, ...]
    first_names: tuple[str, ...]
    company_form: str = "Ltd."


_ARABIC = (("Al-Harbi", "Al Otaibi", "Haddad", "Mansour"), ("Ahmed", "Khalid", "Omar", "Layla"))
_INDIAN = (
    ("Sharma", "Rao", "Iyer", "Gupta", "Krishnamurthy", "Das", "Nair", "Reddy"),
    ("Anil", "Priya", "Ramesh", "S. Vijay", "Deepa", "Suresh", "Arun", "Kavita"),
)
_SINGAPOREAN = (
    ("Tan", "Lim", "Ng", "Ong", "Goh", "Chua", "Koh", "Teo", "Ramasamy", "Bin Ismail"),
    ("Wei Ming", "Siew Lan", "Boon Keng", "Hui Ling", "Kok Seng", "Mei Yee", "Chee Hong", "Swee Huat"),
)
_RUSSIAN = (
    ("Ivanov", "Petrov", "Sokolov", "Kuznetsov", "Volkov", "Lebedev", "Smirnova", "Orlova"),
    ("Alexey", "Dmitry", "Sergei", "Mikhail", "Elena", "Natalia", "Vladimir A."),
)
_ENGLISH = (
    ("Smith", "Johnson", "O’Connor", "Baker", "Miller", "Taylor", "Walker", "Hughes"),
    ("John", "Mary", "Robert J.", "Susan", "David", "Karen L.", "Peter"),
)
_GERMAN = (("Müller", "Schäfer", "Weiß", "Becker", "Vogel", "Köhler"), ("Jürgen", "Anke", "Thomas", "Günter"))
_JAPANESE = (("Tanaka", "Suzuki", "Watanabe", "Ito", "Kobayashi"), ("Hiroshi", "Kenji", "Yuko", "Takashi"))
_TAIWANESE = (("Lin", "Huang", "Chiang", "Hsu", "Tsai"), ("Chih-Wei", "Ming-Chieh", "Shu-Fen", "Yi-Hsuan"))
_KOREAN = (("Kim", "Park", "Choi", "Jung"), ("Min-Soo", "Ji Hye", "Sung-Ho"))
_CANTONESE = (("Wong", "Leung", "Cheung", "Kwok"), ("Ka Ming", "Wai Man", "Siu Ling", "Chi Keung"))

COUNTRIES = {
    "SG": Country(
        ("Singapore", "Singapore", "SINGAPORE", "Ang Mo Kio", "Jurong"), *_SINGAPOREAN, "Pte. Ltd."
    ),
    "IN": Country(
        ("Bangalore", "Hyderabad", "Mumbai", "New Delhi", "Pune", "Chennai"), *_INDIAN, "Private Limited"
    ),
    "RU": Country(("Moscow", "St. Petersburg", "Novosibirsk", "Kazan"), *_RUSSIAN, "OOO"),
    "IL": Country(
        ("Haifa", "Tel Aviv", "Jerusalem", "Rehovot", "Herzliya"),
        ("Cohen", "Levi", "Ben-David", "Mizrahi", "Shapira"),
        ("Yossi", "Avi", "Noa", "Dan", "Tamar"),
    ),
    "MY": Country(("Penang", "Kuala Lumpur", "Bayan Lepas", "Melaka"), *_SINGAPOREAN, "Sdn. Bhd."),
    "PL": Country(
        ("Warsaw", "Kraków", "Gdańsk", "Wrocław"),
        ("Kowalski", "Nowak", "Wiśniewski", "Zieliński"),
        ("Piotr", "Anna", "Łukasz", "Katarzyna"),
        "Sp. z o.o.",
    ),
    "PH": Country(
        ("Manila", "Makati City", "Quezon City", "Cebu"),
        ("Santos", "Reyes", "Dela Cruz", "Peña"),
        ("Jose", "Maria Luisa", "Ramon", "Angelica"),
        "Inc.",
    ),
    "TH": Country(
        ("Bangkok", "Pathumthani", "Chiang Mai"),
        ("Wongsakul", "Srisai", "Chaiyaporn"),
        ("Somchai", "Nattaya", "Prasit"),
        "Co., Ltd.",
    ),
    "CZ": Country(
        ("Prague", "Brno", "Praha 6"), ("Novák", "Dvořák", "Svoboda"), ("Jiří", "Petr", "Hana"), "s.r.o."
    ),
    "HU": Country(("Budapest", "Szeged"), ("Nagy", "Szabó", "Kovács"), ("László", "Péter", "Éva"), "Kft."),
    "SA": Country(("Riyadh", "Dhahran", "Jubail", "Thuwal"), *_ARABIC, "LLC"),
    "UA": Country(("Kiev", "Kharkov"), ("Shevchenko", "Kovalenko", "Bondarenko"), ("Oleksandr", "Iryna")),
    "TR": Country(("Istanbul", "Ankara"), ("Yılmaz", "Öztürk", "Demir"), ("Mehmet", "Ayşe"), "A.S."),
    "VN": Country(("Hanoi", "Ho Chi Minh City"), ("Nguyen", "Tran", "Pham"), ("Van Hung", "Thi Lan"), "JSC"),
    "ID": Country(("Jakarta", "Bandung"), ("Wijaya", "Santoso"), ("Budi", "Dewi"), "PT"),
    "PK": Country(("Islamabad", "Lahore"), ("Khan", "Malik"), ("Imran", "Sadia"), "(Pvt.) Ltd."),
    "RO": Country(("Bucharest", "Timişoara"), ("Popescu", "Ionescu"), ("Andrei", "Ioana"), "S.R.L."),
    "AE": Country(("Dubai", "Abu Dhabi"), *_ARABIC, "FZE"),
    "EG": Country(("Cairo", "Giza"), *_ARABIC),
    "BY": Country(("Minsk",), *_RUSSIAN),
    "BG": Country(("Sofia", "Plovdiv"), ("Dimitrov", "Georgieva"), ("Ivan", "Maria"), "AD"),
    "GR": Country(("Athens", "Patras"), ("Papadopoulos", "Nikolaou"), ("Giorgos", "Eleni"), "S.A."),
    "SI": Country(("Ljubljana",), ("Novak", "Kovačič"), ("Matej", "Ana"), "d.o.o."),
    "IR": Country(("Tehran",), ("Hosseini", "Karimi"), ("Reza", "Zahra")),
    "BD": Country(("Dhaka",), ("Rahman", "Hossain"), ("Mohammad", "Nasrin")),
    "LK": Country(("Colombo",), ("Perera", "Fernando"), ("Nimal", "Kumari")),
    "SK": Country(("Bratislava", "Košice"), ("Horváth", "Kováč"), ("Marek", "Zuzana"), "s.r.o."),
    "KZ": Country(("Almaty",), ("Nurlanov", "Akhmetova"), ("Yerlan", "Aigul"), "TOO"),
    "LT": Country(("Vilnius",), ("Kazlauskas",), ("Jonas", "Rasa"), "UAB"),
    "HR": Country(("Zagreb",), ("Horvat",), ("Ivana", "Marko"), "d.o.o."),
    "EE": Country(("Tallinn",), ("Tamm",), ("Jaan",), "OÜ"),
    "NP": Country(("Kathmandu",), ("Shrestha",), ("Bishal",)),
    "KW": Country(("Kuwait City",), *_ARABIC),
    "JO": Country(("Amman",), *_ARABIC),
    "AM": Country(("Yerevan",), ("Sargsyan",), ("Armen",)),
    "MN": Country(("Ulaanbaatar",), ("Batbayar",), ("Bold", "Oyunaa"), "LLC"),
    "RS": Country(("Belgrade", "Novi Sad"), ("Jovanović",), ("Milan", "Jelena"), "d.o.o."),
    "ME": Country(("Podgorica",), ("Vuković",), ("Nikola",), "d.o.o."),
    "US": Country(("San Jose", "Austin", "Cincinnati", "Boston", "Houston"), *_ENGLISH, "Inc."),
    "GB": Country(("London", "Cambridge", "Newcastle upon Tyne"), *_ENGLISH, "Limited"),
    "DE": Country(("München", "Stuttgart", "Düsseldorf"), *_GERMAN, "GmbH & Co. KG"),
    "JP": Country(("Tokyo", "Osaka", "Kobe"), *_JAPANESE, "K.K."),
    "KR": Country(("Seoul", "Suwon-si"), *_KOREAN, "Co., Ltd."),
    "TW": Country(("Hsinchu", "Taipei", "Tainan City"), *_TAIWANESE, "Co., Ltd."),
    "HK": Country(("Hong Kong", "Kowloon", "Shatin"), *_CANTONESE),
}

AMERICAN_STATES = {"San Jose": "CA", "Austin": "TX", "Cincinnati": "OH", "Boston": "MA", "Houston": "TX"}
