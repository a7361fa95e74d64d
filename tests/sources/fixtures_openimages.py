"""A small Open Images: two splits, boxes, both sorts of image-level labels, a list of images."""

from __future__ import annotations

import json
from pathlib import Path

from tests.sources.fixtures import png, put

TREE = {
    "LabelName": "/m/root",
    "Subcategory": [{"LabelName": "/m/cat"}, {"LabelName": "/m/dog"}],
}
BOXES = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsInside"
LABELS = "ImageID,Source,LabelName,Confidence"
LISTED = "ImageID,Subset,OriginalURL,OriginalLandingURL,License,Author,Title,Rotation"


def lines(*rows: str) -> str:
    """Rows as a file of lines."""
    return "\n".join(rows) + "\n"


def published(root: Path) -> str:
    """Named as published. `b` has no picture, `d` stands in the list of images alone."""
    put(root / "bbox_labels_600_hierarchy.json", json.dumps(TREE))
    put(root / "class-descriptions.csv", "/m/cat,고양이\n/m/dog,Dog\n/m/tree,Tree\n")
    put(
        root / "oidv6-train-annotations-bbox.csv",
        lines(
            BOXES,
            "a,xclick,/m/cat,1,0.25,0.750,0.0,1,0,-1",
            "a,activemil,/m/cat,1,0,0.1,0,0.1,1,0",
            "a,xclick,/m/dog,1,0.5,1.5,0,0.5,0,0",
            "b,xclick,/m/dog,1,0.10,0.2,0.3,0.4,0,0",
            "c,xclick,/m/unknown,1,x,0.2,0.3,0.4,0,0",
        ),
    )
    put(
        root / "train-annotations-human-imagelabels.csv",
        lines(
            LABELS,
            "a,verification,/m/tree,0",
            "a,verification,/m/cat,1",
            "b,crowdsource-verification,/m/unknown,0",
        ),
    )
    put(
        root / "train-annotations-machine-imagelabels.csv",
        lines(LABELS, "b,machine,/m/cat,0.9", "b,machine,/m/dog,1", "c,machine,/m/cat,0.0"),
    )
    put(
        root / "train-images-boxable-with-rotation.csv",
        lines(
            LISTED,
            'a,train,http://e/a.jpg,http://e/a,by,Kim,"a ""quoted"", title",90.0',
            "d,train,http://e/d.jpg,,,,,",
        ),
    )
    put(
        root / "validation-annotations-vrd.csv",
        lines(
            "ImageID,LabelName1,LabelName2,XMin1,XMax1,RelationLabel",
            "e,/m/cat,/m/dog,0.1,0.2,at",
        ),
    )
    put(root / "train-annotations-object-segmentation.csv", "MaskPath,ImageID\nm.png,a\nn.png,a")
    put(root / "notes.csv", "a,b\n1,2\n")
    put(root / "narratives.jsonl", "{}")
    put(root / "train" / "a.jpg", png(8, 4))
    put(root / "train" / "c.jpg", png(10, 10))
    return f"openimages:{root}"
