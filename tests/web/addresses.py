"""One address for every page, and for every question that a page can be asked."""

PAGES = {
    "overview": "/",
    "municipalities": "/kunnat",
    "municipality": "/kunnat/421",
    "municipality-sound": "/kunnat/272",
    "bodies": "/toimielimet",
    "bodies-vacant": "/toimielimet?nayta=avoimet",
    "premises": "/evakuointipaikat",
    "premises-one": "/evakuointipaikat?kunta=584&paikka={site}",
    "chains": "/halytysketjut",
    "chains-night": "/halytysketjut?tilanne=night&vika=mobile_down",
    "chain": "/halytysketjut/perho",
    "chain-board": "/halytysketjut/alueturva?tilanne=office",
    "cards": "/kortit",
    "cards-place": "/kortit?kunta=272&kieli=sv",
    "cards-county": "/kortit?kunta=alue",
    "accessibility": "/saavutettavuus",
    "style": "/tyyli",
}
