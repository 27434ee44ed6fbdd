"""Words the pretend world is made of: people, clubs, problems. All of them are invented."""

import unicodedata
from typing import NamedTuple


class Place(NamedTuple):
    """Where members come from: `code` is that of ISO 3166-1, `zone` an IANA time zone."""

    country: str
    code: str
    city: str
    zone: str
    first: tuple[str, ...]
    last: tuple[str, ...]


def plain(text: str) -> str:
    """The text in ASCII letters."""
    known = text.replace("ı", "i").replace("ł", "l").replace("Đ", "D").replace("đ", "d")
    return unicodedata.normalize("NFKD", known).encode("ascii", "ignore").decode()


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PLACES = (
    Place(
        "India", "IN", "Pune", "Asia/Kolkata",
        _words("Nila Aarav Ishaan Meera Rohan Kavya Devika Tarun"),
        _words("Verma Iyer Kulkarni Bose Nambiar Sethi"),
    ),
    Place(
        "Germany", "DE", "Leipzig", "Europe/Berlin",
        _words("Jonas Lena Matthis Greta Emil Frieda Anton Jette"),
        _words("Brandt Köhler Vogt Lindner Ebeling Sauer"),
    ),
    Place(
        "Brazil", "BR", "Recife", "America/Recife",
        _words("Caio Luana Tomás Bianca Davi Iara Mateus Lívia"),
        _words("Moreira Teixeira Azevedo Nunes Peixoto Farias"),
    ),
    Place(
        "Japan", "JP", "Sendai", "Asia/Tokyo",
        _words("Haruki Aoi Sota Yuna Ren Hinata Kaito Mei"),
        _words("Morita Shimizu Okada Hayase Kuroda Nishino"),
    ),
    Place(
        "Poland", "PL", "Gdańsk", "Europe/Warsaw",
        _words("Kacper Zofia Staś Hania Ignacy Pola Bruno Lidia"),
        _words("Wrona Zalewski Kubiak Sowa Borecki Lis"),
    ),
    Place(
        "Nigeria", "NG", "Ibadan", "Africa/Lagos",
        _words("Chidi Amara Tunde Ngozi Femi Ifeoma Sade Obinna"),
        _words("Adeyemi Okafor Balogun Eze Olawale Nwosu"),
    ),
    Place(
        "Mexico", "MX", "Puebla", "America/Mexico_City",
        _words("Diego Ximena Emiliano Renata Iker Regina Saúl Paloma"),
        _words("Ibarra Cárdenas Olvera Rosales Tovar Zamora"),
    ),
    Place(
        "Viet Nam", "VN", "Đà Nẵng", "Asia/Ho_Chi_Minh",
        _words("Minh Linh Khoa Trang Bảo Ngân Phúc Thảo"),
        _words("Trần Lê Phan Vũ Đặng Bùi"),
    ),
    Place(
        "Egypt", "EG", "Alexandria", "Africa/Cairo",
        _words("Omar Salma Karim Nour Youssef Hana Tarek Laila"),
        _words("Mansour Fathy Shaker Galal Ramzy Nasser"),
    ),
    Place(
        "Ukraine", "UA", "Lviv", "Europe/Kyiv",
        _words("Taras Oksana Danylo Solomiia Marko Yaryna Ostap Zlata"),
        _words("Bondar Kravets Tkach Savchuk Hnatiuk Melnyk"),
    ),
    Place(
        "Iran", "IR", "Isfahan", "Asia/Tehran",
        _words("Arman Shirin Kian Parisa Sina Nasrin Farid Roya"),
        _words("Karimi Rostami Sadeghi Jafari Tavakoli Moradi"),
    ),
    Place(
        "Canada", "CA", "Halifax", "America/Halifax",
        _words("Rowan Maeve Callum Piper Silas Wren Felix June"),
        _words("Beaton Lavoie Mercer Gallant Fraser Aucoin"),
    ),
    Place(
        "Türkiye", "TR", "İzmir", "Europe/Istanbul",
        _words("Deniz Elif Kerem Zeynep Baran Defne Emre Ceren"),
        _words("Yalçın Aksoy Doğan Tuncer Kaplan Ersoy"),
    ),
    Place(
        "Kenya", "KE", "Kisumu", "Africa/Nairobi",
        _words("Otieno Wanjiru Barasa Achieng Kiprono Makena Juma Zawadi"),
        _words("Mwangi Odhiambo Kamau Chebet Njoroge Wafula"),
    ),
    Place(
        "South Korea", "KR", "Daejeon", "Asia/Seoul",
        _words("Jiho Seoyeon Minjun Haeun Dohyun Yerin Siwoo Chaewon"),
        _words("Baek Yoon Seo Noh Hwang Ahn"),
    ),
    Place(
        "Finland", "FI", "Oulu", "Europe/Helsinki",
        _words("Aapo Helmi Onni Venla Eino Aino Väinö Siiri"),
        _words("Laakso Nurmi Heikkilä Salonen Kettunen Rautio"),
    ),
)  # fmt: skip

CLUBS = (
    "Harbour Coding Club",
    "Harbour Institute of Technology",
    "Northgate Polytechnic",
    "Riverside School of Computing",
    "",
)

LANGUAGES = (
    "C++23 (GCC 14-64, msys2)",
    "C++20 (GCC 13-64)",
    "Python 3",
    "PyPy 3-64",
    "Java 21",
    "Rust 2024",
)

TAGS = (
    "implementation", "math", "greedy", "brute force", "constructive algorithms", "sortings",
    "strings", "binary search", "two pointers", "dfs and similar", "graphs", "trees", "dp",
    "data structures", "number theory", "combinatorics", "geometry", "bitmasks", "shortest paths",
    "flows",
)  # fmt: skip

ADJECTIVES = _words("""
    Quiet Paper Winding Hidden Crooked Patient Twin Frozen Careful Lonely Restless Golden Broken
    Distant Gentle Tangled Sleepy Narrow Burning Balanced Colourful Endless Honest Ancient
    Clumsy Floating Missing Polite Secret Stubborn Travelling Whispering Wooden Curious Damaged
    Equal Fair Generous Hasty Idle
""")

NOUNS = _words("""
    Lanterns Bridges Boats Bakery Orchard Clocks Puddles Ferries Gardeners Harbour Islands
    Jugglers Kites Ladders Maps Necklaces Origami Postcards Quilts Rivers Staircase Tickets
    Umbrellas Vaults Windmills Yards Zebras Anchors Beacons Caravans Dominoes Elevators Fences
    Gears Hives Inkwells Jigsaw Knots Lighthouse Mirrors Numbers Ovens Parcels Railway Strings
    Towers Valleys Wagons
""")

HANDLE_WORDS = _words("""
    otter heron lynx maple cedar fjord comet ember pixel quark raven tulip walnut zephyr basil
    cobalt delta echo falcon ginkgo hazel indigo juniper kestrel lotus marble nimbus onyx pepper
    quill
""")
