"""The words the world is made of: names, places, goods, addresses."""

# ruff: noqa: SIM905 - word lists read better as text

from __future__ import annotations

FIRST_NAMES = (
    "Anna Ben Clara David Emma Felix Greta Hanna Ida Jonas Karla Leon Mia Noah Ole Paula Rosa "
    "Simon Tom Ute Vera Willi Yara Zoe Amelia Brandon Chloe Dylan Ethan Fiona Grace Henry "
    "Isabel Jack Kate Liam Megan Nathan Olivia Peter Quinn Ruth Sam Tara Uma Victor Wendy"
).split()
LAST_NAMES = (
    "Adler Bauer Conrad Dietz Ernst Fischer Graf Huber Ilg Jung Keller Lang Meyer Neumann Otto "
    "Peters Richter Schulz Thoma Ulrich Vogel Weber Xander Zimmer Allen Brooks Carter Diaz Evans "
    "Foster Green Hayes Irwin Jones King Lopez Moore Nolan Owens Price Reed Stone Turner Vance"
).split()
MAIL_HOSTS = "example.com example.org example.net mail.example post.example".split()
STREETS = (
    "Lindenweg Hauptstr Gartenweg Seestr Bergstr Mill-Rd Oak-St Main-St Lake-Ave Hill-Rd".split()
)

# country, region, region code, city, postal code, weight
EU_PLACES = (
    ("DE", "", "", "Berlin", "10115", 22),
    ("DE", "", "", "Hamburg", "20095", 14),
    ("DE", "", "", "Köln", "50667", 12),
    ("DE", "", "", "München", "80331", 15),
    ("AT", "", "", "Wien", "1010", 9),
    ("FR", "", "", "Lyon", "69001", 8),
    ("NL", "", "", "Utrecht", "3511", 7),
    ("CH", "Zürich", "ZH", "Zürich", "8001", 7),
    ("GB", "England", "ENG", "Leeds", "LS1 1UR", 6),
)
US_PLACES = (
    ("US", "New York", "NY", "New York", "10001", 26),
    ("US", "California", "CA", "San Diego", "92101", 24),
    ("US", "Texas", "TX", "Austin", "73301", 18),
    ("US", "Florida", "FL", "Miami", "33101", 12),
    ("US", "Oregon", "OR", "Portland", "97201", 8),
    ("US", "Washington", "WA", "Seattle", "98101", 8),
    ("CA", "Ontario", "ON", "Toronto", "M5H 2N2", 4),
)
UK_PLACES = (
    ("GB", "England", "ENG", "London", "E1 6AN", 48),
    ("GB", "England", "ENG", "Manchester", "M1 1AE", 24),
    ("GB", "Scotland", "SCT", "Edinburgh", "EH1 1YZ", 28),
)
FR_PLACES = (
    ("FR", "", "", "Paris", "75011", 55),
    ("FR", "", "", "Marseille", "13001", 20),
    ("FR", "", "", "Lille", "59000", 25),
)
PLACES = EU_PLACES + US_PLACES + UK_PLACES + FR_PLACES

# Tax in basis points by country or US state: standard, reduced (food, books); abroad, exports.
TAX_RATES = {
    "DE": (1900, 700),
    "AT": (2000, 1000),
    "FR": (2000, 550),
    "NL": (2100, 900),
    "CH": (0, 0),
    "GB": (0, 0),
    "NY": (800, 0),
    "CA": (725, 0),
    "TX": (625, 0),
    "FL": (600, 0),
    "OR": (0, 0),
    "WA": (650, 0),
    "ON": (0, 0),
}
HOME_TAX_RATES = {"GB": (2000, 0)}  # where the shop is in that country
PRESENTMENT = {"CH": "CHF", "GB": "GBP", "CA": "CAD"}
LOCALES = {"DE": "de-DE", "AT": "de-AT", "FR": "fr-FR", "NL": "nl-NL", "CH": "de-CH",
           "GB": "en-GB", "US": "en-US", "CA": "en-CA"}  # fmt: skip

# category, weight, reduced tax, nouns
CATEGORIES = (
    ("Kitchen", 20, False, "Mug Bowl Plate Pan Knife Board Jug Whisk".split()),
    ("Bath", 12, False, "Soap Towel Brush Salt Sponge Tray".split()),
    ("Candles", 12, False, "Candle Lantern Holder Tealight Diffuser".split()),
    ("Textiles", 16, False, "Blanket Cushion Throw Rug Apron Runner".split()),
    ("Stationery", 10, True, "Notebook Planner Calendar Atlas Sketchbook".split()),
    ("Tea & Coffee", 14, True, "Tea Coffee Cocoa Chai Matcha".split()),
    ("Garden", 9, False, "Pot Trowel Seeds Planter Hose".split()),
    ("Kids", 7, False, "Puzzle Rattle Blocks Doll Kite".split()),
)
DEPARTMENTS = (
    ("Home", ("Kitchen", "Bath", "Candles", "Textiles")),
    ("Paper & Pantry", ("Stationery", "Tea & Coffee")),
    ("Outdoor & Play", ("Garden", "Kids")),
)
ADJECTIVES = (
    "Amber Blue Calm Deep Early Fine Golden Hazel Ivory Jade Kind Light Misty Noble Oak Plain "
    "Quiet Rustic Soft Tidy Umber Velvet Warm Young"
).split()
BRANDS = "Nordlys Fjord&Co Hillside Okta Casa-Verde Lumen Papier-Bleu Morrow".split()
SIZES = ("Small", "Medium", "Large", "Extra Large")
