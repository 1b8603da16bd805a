"""The words of the demo company: places, names and things its data speaks of."""

from __future__ import annotations

from typing import NamedTuple


class Country(NamedTuple):
    """`dial` is the international prefix, `vat` the letters a tax number starts with."""

    code: str
    name: str
    currency: str
    language: str
    dial: str
    cities: tuple[str, ...]


COUNTRIES = (
    Country("DE", "Germany", "EUR", "de", "+49", ("Hamburg", "Stuttgart", "Leipzig", "Kassel")),
    Country("FR", "France", "EUR", "fr", "+33", ("Lyon", "Lille", "Nantes", "Toulouse")),
    Country("NL", "Netherlands", "EUR", "nl", "+31", ("Rotterdam", "Eindhoven", "Utrecht")),
    Country("IT", "Italy", "EUR", "it", "+39", ("Torino", "Bologna", "Brescia")),
    Country("ES", "Spain", "EUR", "es", "+34", ("Valencia", "Zaragoza", "Bilbao")),
    Country("PL", "Poland", "PLN", "pl", "+48", ("Gdansk", "Wroclaw", "Poznan")),
    Country("CZ", "Czechia", "CZK", "cs", "+420", ("Brno", "Plzen", "Ostrava")),
    Country("SE", "Sweden", "SEK", "sv", "+46", ("Malmo", "Gothenburg", "Uppsala")),
    Country("GB", "United Kingdom", "GBP", "en", "+44", ("Leeds", "Bristol", "Glasgow")),
    Country("CH", "Switzerland", "CHF", "de", "+41", ("Basel", "Winterthur", "Bern")),
    Country("US", "United States", "USD", "en", "+1", ("Columbus", "Memphis", "Reno", "Tulsa")),
    Country("CN", "China", "CNY", "zh", "+86", ("Ningbo", "Suzhou", "Shenzhen")),
)
COUNTRY_WEIGHTS = (24, 12, 10, 9, 7, 8, 5, 4, 8, 4, 6, 3)

FIRST_NAMES = (
    "Anna", "Ben", "Clara", "David", "Elena", "Felix", "Greta", "Henrik", "Ines", "Jonas",
    "Katja", "Lukas", "Marta", "Nils", "Olga", "Paul", "Rosa", "Samir", "Teresa", "Ugo", "Vera",
    "Wim", "Xenia", "Yusuf", "Zoe", "Amelie", "Bruno", "Carla", "Dmitri", "Esther",
)  # fmt: skip
LAST_NAMES = (
    "Adler", "Berger", "Costa", "Dubois", "Eriksson", "Fischer", "Garcia", "Hansen", "Ivanova",
    "Jansen", "Keller", "Lindgren", "Moreau", "Novak", "Okafor", "Petersen", "Quint", "Rossi",
    "Schmidt", "Tanaka", "Urban", "Vogel", "Wagner", "Yilmaz", "Zimmermann", "Bakker", "Conti",
    "Fontaine", "Kowalski", "Meyer",
)  # fmt: skip
STREETS = (
    "Hafenstrasse", "Industrieweg", "Rue Pasteur", "Via Roma", "Mill Lane", "Kanalgade",
    "Marktplatz", "Station Road", "Lindenallee", "Werkstrasse", "Quai Sud", "Calle Mayor",
)  # fmt: skip
FIRM_STEMS = (
    "Alpine", "Baltic", "Castor", "Delta", "Elbe", "Falkon", "Granit", "Helix", "Iberia",
    "Juno", "Kranz", "Lumen", "Meridian", "Nordic", "Orion", "Polar", "Quadra", "Rhein",
    "Silva", "Tecno", "Unitas", "Vektor", "Westfal", "Zenit", "Axion", "Corvus", "Ferro",
)  # fmt: skip
FIRM_TRADES = (
    "Metalworks", "Plastics", "Packaging", "Electronics", "Logistics", "Chemicals", "Textiles",
    "Tooling", "Components", "Polymers", "Castings", "Fasteners", "Optics", "Timber", "Foods",
    "Paper",
)  # fmt: skip
FIRM_FORMS = ("GmbH", "SA", "BV", "Srl", "Ltd", "AB", "AG", "Sp. z o.o.", "Inc.")

SUPPLY_CATEGORIES = (
    "raw-material", "packaging", "electronics", "mro", "services", "logistics", "chemicals",
)  # fmt: skip
PRODUCT_KINDS = (
    ("garden", ("Hedge Trimmer", "Lawn Mower", "Hose Reel", "Leaf Blower"), 24.0, 480.0),
    ("workshop", ("Cordless Drill", "Bench Vice", "Angle Grinder", "Tool Chest"), 18.0, 390.0),
    ("kitchen", ("Stand Mixer", "Kettle", "Knife Set", "Espresso Maker"), 19.0, 520.0),
    ("lighting", ("Desk Lamp", "Floodlight", "LED Strip", "Ceiling Light"), 9.0, 140.0),
    ("storage", ("Wall Shelf", "Storage Box", "Workbench", "Coat Rack"), 7.0, 260.0),
    ("outdoor", ("Camping Stove", "Tent", "Folding Chair", "Cool Box"), 12.0, 330.0),
)
GAUGES = (
    ("diameter", "mm", 24.0, 0.05),
    ("length", "mm", 180.0, 0.2),
    ("roughness", "um", 1.6, 0.3),
    ("torque", "Nm", 12.0, 0.8),
)
RATES = (
    ("USD", 1.09), ("GBP", 0.86), ("CHF", 0.95), ("PLN", 4.31), ("CZK", 25.2), ("SEK", 11.4),
    ("CNY", 7.8),
)  # fmt: skip
BRANDS = ("Halden", "Torvik", "Brightwell", "Kestrel", "Monte", "Arvo")

CARRIERS = ("DHL", "DPD", "GLS", "UPS", "PostNord")
WAREHOUSES = ("WH-HAM-01", "WH-LEJ-02", "WH-RTM-01", "WH-LYS-01", "WH-WRO-03")
PLANTS = ("KAS", "BRN", "TOR")
DEPARTMENTS = (
    "procurement", "finance", "logistics", "sales", "manufacturing", "it", "support", "hr",
)  # fmt: skip
JOBS = ("analyst", "specialist", "engineer", "team lead", "manager", "assistant")
PAY_METHODS = ("card", "paypal", "sepa_debit", "invoice", "klarna")
CHANNELS = ("web", "app", "marketplace", "store")
TICKET_CATEGORIES = ("delivery", "refund", "product", "invoice", "account")
CAMPAIGNS = (
    "spring-garden", "black-week", "workshop-days", "loyalty-double", "newsletter-42",
)  # fmt: skip
PAGES = ("/", "/search", "/cart", "/checkout", "/account", "/p/{}", "/c/garden", "/c/kitchen")
USER_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/131.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) Chrome/130.0",
)
