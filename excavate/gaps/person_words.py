"""The words by which labels say what a person is: gender, age, race and the like, in Korean too.

All in lower case and singular. Kept apart from the rules (persons.py), to be read and amended.
"""

from __future__ import annotations

import re

# A field of such a name is of persons, whatever its labels are.
PLAIN_FIELDS = frozenset(
    ("gender", "sex", "race", "racial", "ethnic", "ethnicity", "성별", "인종", "민족")
)
# So is one of these, unless a person says that no persons are meant (the age of a rock).
FIELDS = PLAIN_FIELDS | frozenset(
    (
        *("age", "agegroup", "agerange", "ageband", "young", "skin", "skintone", "skincolor"),
        *("skincolour", "complexion", "fitzpatrick", "nationality", "religion", "sexuality"),
        *("나이", "연령", "국적", "종교", "피부색"),
    )
)
PLAIN_WITHIN = re.compile("gender|ethnic|성별|인종")  # of longer words
WITHIN = re.compile("연령|국적|종교|피부색|나이(?:대|별)")
# These say it wherever they stand in a label: man with a hat, 중년 남성.
GENDERED = frozenset(
    (
        "man",
        "woman",
        "men",
        "women",
        "boy",
        "girl",
        "transgender",
        "nonbinary",
        "남자아이",
        "여자아이",
    )
)
ENDINGS = re.compile(
    "(?:남성|여성|남자|여자|소년|소녀|할머니|할아버지|아줌마|아저씨"
    "|(?:백|흑|황|동양|서양|아시아|동남아|동남아시아|아프리카|유럽|중동|인도|라틴|라티노|히스패닉"
    "|한국|중국|일본|외국|혼혈)인|(?:아시아|아프리카|동양|라틴|유럽)계|히스패닉|라티노)$"
)
# These say it where every other word of the label is of them or ABOUT: baby, but no baby carriage.
SAID = GENDERED | frozenset(
    (
        *("male", "female", "lady", "gentleman", "gentlemen", "child", "children", "kid"),
        *("baby", "infant", "toddler", "teen", "teenager", "adult", "juvenile", "elderly"),
        *("elder", "senior", "young", "old", "aged", "youth", "mother", "father"),
        *("grandmother", "grandfather", "asian", "caucasian", "hispanic", "latino", "latina"),
        *("latinx", "negro", "negroid", "mongoloid", "caucasoid", "biracial", "multiracial"),
        *("아이", "어린이", "아기", "노인", "청소년", "어른", "성인", "유아", "영아", "아동"),
        *("청년", "중년", "장년", "노년"),
    )
)
ABOUT = frozenset(
    (
        *("person", "people", "human", "face", "portrait", "head", "perceived", "apparent", "is"),
        *("has", "non", "not", "or", "and", "mixed", "other", "east", "south", "southeast"),
        *("north", "west", "middle", "eastern", "american", "사람", "인물", "얼굴", "추정"),
    )
)
PERSONS = frozenset(("person", "people", "human", "skin", "skinned", "사람"))
# Of persons only in company: black and white is no race, black and Asian is.
COLOURS = frozenset(("black", "white", "brown", "yellow"))
PEOPLES = frozenset(("indian", "african", "european", "arab", "arabic", "pacific", "islander"))
# Letters that say it where there is nothing beside them.
LETTERS = frozenset(("m", "f", "남", "여"))
UNKNOWN = frozenset(
    (
        *("", "unknown", "other", "others", "none", "unsure", "not sure", "n a", "na", "nan"),
        *("unclear", "undetermined", "neutral", "미상", "모름", "불명", "알 수 없음", "기타"),
    )
)
# Of taxonomies, whose names are looked through word by word.
NODES = (
    FIELDS
    | (SAID - {"young", "old", "aged", "senior", "elder", "youth", "juvenile"})
    | frozenset(("남", "여"))
)
_YEARS = r"(?:years?(?: old)?|yrs?|yo|세|살)"
A_RANGE = re.compile(
    rf"[\[(]?\d{{1,3}} ?(?:-|–|~|_|,|to) ?\d{{1,3}}[\])]? ?{_YEARS}?|\d{{1,2}} ?(?:대|0s)(?: .*)?"
)
AN_END = re.compile(
    r"(?:more than|older than|over|under|above|below|[<>≥≤]=?) ?\d{1,3}.*"
    r"|\d{1,3} ?(?:\+|plus|and over|or older|이상|이하|미만|초과)"
)
IN_YEARS = re.compile(rf"\d{{1,3}} ?{_YEARS}(?: (?:이상|이하|미만|초과))?")
