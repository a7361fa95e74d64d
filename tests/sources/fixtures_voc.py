"""Small folders of Pascal VOC."""

from __future__ import annotations

from pathlib import Path

from tests.sources.fixtures import png, put


def voc_object(name: str = "cat", box: str = "1 1 4 3", more: str = "") -> str:
    """An `object` with a box of xmin ymin xmax ymax."""
    edges = zip(("xmin", "ymin", "xmax", "ymax"), box.split(), strict=True)
    bndbox = "".join(f"<{edge}>{value}</{edge}>" for edge, value in edges)
    return f"<object><name>{name}</name>{more}<bndbox>{bndbox}</bndbox></object>\n"


def voc_xml(filename: str, *objects: str, more: str = "") -> str:
    """An annotation of a picture of 4 x 3."""
    named = f"<filename>{filename}</filename>" if filename else ""
    size = "<size><width>4</width><height>3</height><depth>3</depth></size>"
    return f"<annotation>\n{named}{size}{more}\n{''.join(objects)}</annotation>\n"


def voc_year(root: Path) -> str:
    """As VOC2012: splits by lists, parts, actions, masks, a picture and an XML alone."""
    part = (
        "<part><name>head</name><bndbox><xmin>2</xmin><ymin>1</ymin><xmax>3</xmax>"
        "<ymax>2.5</ymax></bndbox></part>"
    )
    extra = "<pose>Left</pose><truncated>0</truncated><difficult>1</difficult>"
    actions = "<actions><phoning>1</phoning><running>0</running></actions>"
    source = "<owner><name>김</name></owner><source><database>D</database></source>"
    source += "<segmented>0</segmented>"
    xmls = {
        "2007_1": voc_xml("2007_1.jpg", voc_object("cat", "1 1 4 3", extra), more=source),
        "2007_2": voc_xml("2007_2.jpg", voc_object("person", "1.5 1 4 3", actions + part)),
        "2007_3": voc_xml("2007_3.jpg"),
        "2007_5": voc_xml("2007_5.jpg", voc_object("개"), voc_object("개")),
    }
    for stem, content in xmls.items():
        put(root / "Annotations" / f"{stem}.xml", content)
    for name in ("2007_1", "2007_2", "2007_3", "2007_4"):
        put(root / "JPEGImages" / f"{name}.jpg", png())
        put(root / "SegmentationObject" / f"{name}.png", png())
    lists = {"train": "2007_2\n2007_1\n", "val": "2007_3\n2007_1\n2007_9\n"}
    lists["trainval"] = "2007_1\n2007_2\n2007_3\n2007_4\n"
    lists["cat_train"] = "2007_1  1\n2007_2 -1\n"
    for split, names in lists.items():
        put(root / "ImageSets" / "Main" / f"{split}.txt", names)
    put(root / "class_names.txt", "cat\nhorse\n")
    return f"voc:{root}"


def voc_beside(root: Path) -> str:
    """XMLs beside their pictures, in folders called as splits are."""
    for split, name in (("train", "a"), ("train", "b"), ("valid", "a")):
        put(root / split / f"{name}.xml", voc_xml(f"{name}.png", voc_object()))
        put(root / split / f"{name}.png", png())
    return f"voc:{root}"
