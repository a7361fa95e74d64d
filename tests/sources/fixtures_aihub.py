"""Datasets as AI Hub delivers them, made up after the published descriptions of their schemas."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

from tests.sources.fixtures import png, put

FASHION: dict[str, Any] = {
    "이미지 정보": {
        "이미지 식별자": 353924,
        "이미지 높이": 3,
        "이미지 파일명": "옷 1.jpg",
        "이미지 너비": 4,
    },
    "데이터셋 정보": {
        "파일 생성일자": "2020-09-14 05:16:46",
        "데이터셋 상세설명": {
            "렉트좌표": {
                "아우터": [{"X좌표": 0.5, "Y좌표": 1, "가로": 2, "세로": 1}],
                "하의": [{}],
            },
            "폴리곤좌표": {
                "아우터": [
                    {"X좌표2": 3, "Y좌표2": 0, "X좌표1": 0, "Y좌표1": 0, "X좌표10": 3, "Y좌표10": 2}
                ],
                "하의": [{}],
            },
            "라벨링": {
                "스타일": [{"스타일": "로맨틱", "서브스타일": "리조트"}],
                "아우터": [{"카테고리": "재킷", "소재": ["울", "니트"]}],
                "하의": [{}],
            },
        },
    },
}
CORNERS: dict[str, Any] = {
    "Raw_Data_Info.": {"Copyrighter": "기관", "Location": "서울", "Resolution": "4, 3"},
    "Source_Data_Info.": {"Source_Data_ID": "S1-0001", "File_Extension": "jpg"},
    "Learning_Data_Info.": {
        "Json_Data_ID": "J1",
        "Annotations": [
            {"Class_ID": "O01001", "Type": "Bounding_box", "Type_value": [1, 0, 3, 2]},
            {"Class_ID": "O02010", "Type": "Polygon", "Type_value": [[0, 0], [2, 0], [2, 2]]},
        ],
    },
}
VEHICLE: dict[str, Any] = {
    "rawDataInfo": {"MediumCategoryId": "M1", "year": "2019"},
    "learningDataInfo": {
        "filePath": "x/S1-0002.jpg",
        "objects": [
            {
                "classId": "P00.차량전체",
                "coords": {
                    "tl": {"x": 0, "y": 0},
                    "tr": {"x": 2, "y": 0},
                    "bl": {"x": 0, "y": 1},
                    "br": {"x": 2, "y": 1},
                },
            }
        ],
    },
}
FACE: dict[str, Any] = {
    "filename": "0001_1998_20.jpg",
    "id": "0001",
    "gender": "female",
    "age_past": "20",
    "annotation": [{"id": 0, "shape": "box", "box": {"x": 1, "y": 0, "w": 2, "h": 2}}],
}
FOOD: list[dict[str, Any]] = [
    {
        "Code Name": "A020.jpg",
        "Name": "쌀밥",
        "W": "0.74",
        "H": "0.9",
        "Point(x,y)": "0.5,0.49",
        "Case 1": "01",
    }
]
COCO: dict[str, Any] = {
    "info": {"name": "인도", "date_created": "2021"},
    "images": [
        {"id": 1, "file_name": "a.jpg", "width": 4, "height": 3},
        {"id": 2, "file_name": "없음.jpg", "width": 4, "height": 3},
    ],
    "categories": [
        {"id": 3, "name": "사람", "supercategory": "객체"},
        {"id": 4, "name": "볼라드"},
    ],
    "annotations": [
        {"id": 9, "image_id": 1, "category_id": 3, "bbox": [0, 0, 2, 2], "segmentation": []},
        {"id": 8, "image_id": 2, "category_id": 4, "segmentation": [[0, 0, 2, 0, 2, 2]]},
        {"id": 7, "image_id": 2, "category_id": 4, "bbox": [0, 1, 1, 1], "keypoints": [1, 1, 2]},
    ],
}


def written(document: Any, encoding: str = "utf-8") -> bytes:
    """A document as a file holds it."""
    return json.dumps(document, ensure_ascii=False).encode(encoding)


def apart(root: Path) -> str:
    """Pictures and JSONs in folders of their own, numbered splits, three encodings."""
    data = root / "055.데이터" / "01.데이터"
    train, val = data / "1.Training", data / "2.Validation"
    put(train / "라벨링데이터" / "TL_옷" / "옷 1.json", written(FASHION, "utf-8-sig"))
    put(train / "원천데이터" / "TS_옷" / "옷 1.jpg", png())
    put(train / "원천데이터" / "TS_옷" / "남은 것.jpg", png())
    put(train / "라벨링데이터" / "TL_값" / "S1-0001.json", written(CORNERS, "cp949"))
    put(train / "원천데이터" / "TS_값" / "S1-0001.jpg", png())
    put(val / "라벨링데이터" / "VL_차" / "S1-0002.json", written(VEHICLE))
    put(val / "원천데이터" / "VS_차" / "S1-0002.jpg", png())
    put(val / "원천데이터" / "VS_차.zip", b"PK")
    return f"aihub:{root}"


def beside(root: Path) -> str:
    """JSONs beside their pictures, without splits; a Mac wrote one picture's name."""
    put(root / "얼굴" / "0001_1998_20.json", written(FACE))
    put(root / "얼굴" / "0001_1998_20.jpg", png())
    put(root / "음식" / "A020.json", written(FOOD))
    put(root / "음식" / "A020.jpg", png())
    mac = unicodedata.normalize("NFD", "한국 음식")
    put(root / "음식" / f"{mac}.jpg", png())
    put(root / "음식" / "한국 음식.json", written({"name": "국", "bbox": [0, 0, 2, 2]}))
    return f"aihub:{root}"


def like_coco(root: Path) -> str:
    """One JSON for several pictures, one of which is gone."""
    put(root / "[라벨]인도" / "인도.json", written(COCO))
    put(root / "[원천]인도" / "a.jpg", png())
    put(root / "설명.xml", "<annotations/>")
    return f"aihub:{root}"
