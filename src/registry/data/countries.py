"""Makes countries.csv: what countries are called, from the Unicode CLDR.

    npm pack cldr-localenames-full@48.2.0 && tar xzf cldr-localenames-full-48.2.0.tgz
    python3 countries.py package > countries.csv

The data is under the Unicode licence (LICENSE-UNICODE). Needs Python 3 and nothing else.
"""

import csv
import json
import sys

LANGUAGES = ["en", "fr", "de", "es", "ru", "ar"]
# codes of the CLDR that are no ISO 3166 countries: islands apart, unions, and those kept free for private use
NO_COUNTRIES = set("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())


def territories(package, language):
    with open(f"{package}/main/{language}/territories.json", encoding="utf-8") as file:
        return json.load(file)["main"][language]["localeDisplayNames"]["territories"]


def main(package):
    names = {}
    for language in LANGUAGES:
        for key, name in territories(package, language).items():
            code = key.split("-")[0]
            if len(code) != 2 or code in NO_COUNTRIES or key.endswith("chagos"):
                continue
            # two capitals alone, as RU for the Reino Unido, are what codes look like
            if len(name) == 2 and name.isascii():
                continue
            of = names.setdefault(code, {}).setdefault(language, [])
            if name not in of:
                of.append(name)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["iso2", *LANGUAGES])
    for code in sorted(names):
        out.writerow([code, *(";".join(names[code].get(language, [])) for language in LANGUAGES)])


if __name__ == "__main__":
    main(sys.argv[1])
