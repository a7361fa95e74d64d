"""The errors of the floors below in the language of the run.

They are raised in English: what happened and what to do, with names, paths and causes between
the words. Here stand those that people can meet in the app; `{…}` is what is kept as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from excavate.i18n import N_, _

SENTENCES = (
    # the site and its catalog
    N_("no such site"),
    N_("Name another folder, or dig into it: {command}"),
    N_("nothing has been dug here yet"),
    N_("Dig a dataset into it: {command}"),
    N_("CURRENT names no catalog here ({name})"),
    N_("Write the name of a {pattern} beside it into it, or dig again"),
    N_("the catalog cannot be opened ({cause})"),
    N_("Close what else holds it, or dig again into a new site"),
    N_("catalog schema {found}, this version reads {version}"),
    N_("Use a newer version of excavate"),
    # items, embeddings, layouts
    N_("no such item"),
    N_("See the Items page or excavate show"),
    N_("no embedding"),
    N_("no embedding by {encoder}"),
    N_("There are: {encoders}. Run: {command}"),
    N_("no such layout"),
    N_("Run: {command}"),
    N_("vectors are gone"),
    N_("no vector by {encoder}"),
    N_("It may have no pixels"),
    N_("no such colouring"),
    N_("One of: {names}"),
    # encoders and their weights
    N_("this encoder knows no words"),
    N_("Search by --item or --image, or embed with a CLIP encoder"),
    N_("these are other weights than the site was embedded with"),
    N_("Embed again, or put the weights back that were used"),
    N_("its files are not on this machine and the model hub cannot be reached"),
    N_("its files cannot be had ({cause})"),
    N_(
        "Three ways out: connect to the internet once, so that they can be fetched and kept; "
        "or give a local file, {file}; or use an encoder that needs no download: {encoders}"
    ),
    N_("there is no such file"),
    N_("Looked at {file}"),
    N_("not an ONNX model that runs here ({cause})"),
    N_("the model cannot be run ({cause})"),
    N_("not a TensorFlow Lite model ({cause})"),
    N_("TensorFlow Lite is not installed"),
    N_("this machine has no {device}"),
    N_("Use auto"),
    # pictures
    N_("cannot be read as a picture ({cause})"),
    N_("Give a JPEG, PNG, WebP, TIFF or GIF"),
    N_("more than {n} pixels"),
    N_("Give a smaller picture"),
    # what people bring, and the workshop that keeps it
    N_("nothing is written here yet"),
    N_("{n} characters, at most {most} are kept"),
    N_("holds signs that cannot be shown"),
    N_("a link begins with https:// or http:// and names a host"),
    N_("{n} facts, at most {most} are kept"),
    N_("say what it is about"),
    N_("one of: {names}"),
    N_("nothing is recorded without it"),
    N_("more than {n} MB"),
    N_("neither a JPEG, a PNG nor a WebP picture"),
    N_("broken, it cannot be read to its end"),
    N_("no such find"),
    N_("See the Survey"),
    N_("It may be of another room"),
    N_("the workshop is open in another process"),
    N_("Only the app writes it; stop the other one, or use that"),
    N_("the workshop cannot be written ({cause})"),
    N_("the workshop was written by a newer version ({names})"),
    N_("Open it with the version that wrote it, or a newer one"),
    N_("the picture cannot be kept ({cause})"),
    N_("See that the disk has room and the folder can be written to, then try again"),
    # who is in the room, and as what
    N_("only a facilitator may do this"),
    N_("only a reviewer may do this"),
    N_("only a participant may do this"),
    N_("only a viewer may do this"),
    N_("Ask the facilitator of the room"),
    N_("nobody by this id is in the room"),
    N_("They may have left"),
    N_("there is no such role"),
    N_("they only look, and gave no name"),
    # rounds and groups
    N_("no such round"),
    N_("See the plan of the room"),
    N_("between a second and six hours"),
    N_("it is not open yet: look again"),
    N_("it is open by now: look again"),
    N_("it is closed by now: look again"),
    N_("it was opened as it is: plan another one"),
    N_("a round of judging is made where its items are chosen"),
    N_("there is no group yet"),
    N_("Make groups first"),
    N_("no such group"),
    N_("It may have ended"),
    N_("between 2 and {most}"),
    N_("no such person in the room"),
    N_("the host's secrets cannot be kept ({cause})"),
    N_("the host's secrets cannot be read"),
    N_("See that the folder is yours and can be written to, or set EXCAVATE_SECRETS"),
    # keeping and taking back
    N_("somebody reads the workshop just now"),
    N_("Try again in a moment"),
    N_("the workshop's journal could not be written out"),
    N_("the erasing cannot begin ({cause})"),
    N_("an erasing was begun that cannot be read"),
    N_("Move this file out of the site, and erase again what was to be erased"),
    N_("there is nothing by this id"),
    N_("only who gave it takes it back"),
    N_("only who gave it erases it"),
    N_("A reviewer may hide it"),
    N_("the workshop is closed"),
    N_("Start the app again"),
    N_("Ask the facilitator"),
    # what is said to be absent
    N_("the link is damaged"),
    N_("Open it again from where you came"),
    N_("it does not say: {names}"),
    N_("it says more than is known of: {names}"),
    N_("this is no {name}"),
    N_("not an id of ours"),
    N_("{n} pieces, at most {most} are kept"),
    N_("the same piece is given twice"),
    N_("no type of the vocabulary"),
    N_("you are in no group"),
    N_("no such category"),
    N_("nothing is stated of {name}"),
    N_("the finding has no such row"),
    N_("the dossier has no such fact"),
    N_("nothing was seen through this encoder"),
    N_("no such absence"),
    N_("It may have been taken back, or be seen by its group alone"),
    N_("It may have been taken back"),
    N_("only who said it can mend it"),
    N_("Answer it, or say one of your own"),
    N_("Draw it on a layout that there is"),
    # dossiers
    N_("no such dossier"),
    N_("Near it: {names}"),
    N_("List them: {command}"),
    N_("this dossier cannot be read ({cause})"),
    N_("All its faults: {command}"),
    N_("no such folder of dossiers"),
    N_("Set EXCAVATE_ARCHIVES to the folder of the dossiers"),
    N_("it broke off ({cause})"),
    N_("another dig is under way"),
    N_("Wait until it ends, or stop it"),
    # a dig that was started in the app: the hub, what is withdrawn, names that are none
    N_("no name of a hub dataset"),
    N_("Write hf:NAME[@REVISION][#CONFIG], such as hf:ylecun/mnist"),
    N_("a folder here has the dataset's name"),
    N_("Dig it with parquet: or folder:, or work in another folder"),
    N_("its makers ask for your consent first"),
    N_("Accept its terms on the hub and log in (hf auth login)"),
    N_("the hub has no such dataset, or a private one"),
    N_("the dataset has no such revision"),
    N_("it is read by a script, which is not run"),
    N_("Try the hub's own Parquet: hf:NAME@refs/convert/parquet"),
    N_("the hub cannot be reached ({cause})"),
    N_("the hub's dataset cannot be read ({cause})"),
    N_("Check the line, or download its Parquet files and use parquet:GLOB"),
    N_("no such source"),
    # findings
    N_("no such finding"),
    N_("several findings begin so"),
    N_("See: {command}"),
    N_("no such dataset"),
    N_("There are: {names}; a split is NAME/SPLIT"),
    N_("the catalog changed while it was measured"),
    N_("Ask again"),
    N_("it has no use for the {said}"),
    N_("Leave it out"),
    N_("a finding cannot be kept ({cause})"),
    N_("See that the disk has room and the folder can be written to, then ask again"),
    # what is judged together
    N_("no such judging"),
    N_("the round is closed"),
    N_("Ask the facilitator to reopen it"),
    N_("the round is not closed yet"),
    N_("They are shown once the facilitator has closed it"),
    N_("from {fewest} to {most} of them"),
    N_("each is there once and has words"),
    N_("there is nothing to look at"),
    N_("{n} items, at most {most} are kept"),
    N_("there is no such choice"),
    N_("there is no such item"),
    N_("no time that can be"),
    N_("no such item with pixels"),
    N_("{n} more are not there either"),
    N_("the rows of a finding cannot be read"),
    N_("Put {file} aside and ask again"),
    # notebooks, and tables of wages
    N_("this note is another's"),
    N_("Each changes their own alone"),
    N_("this note is not in the notebook"),
    N_("it points at nothing"),
    N_("this table of wages has faults ({count})"),
    N_("Mend them, then reload"),
    N_("these are not the columns of a table of wages"),
    N_("Its first line is: {columns}"),
    N_("a table of wages has at most {n} bytes"),
    N_("no CSV in UTF-8 ({cause})"),
    # pictures that are brought into a counter-dataset
    N_("no JPEG, PNG, WebP, TIFF or HEIC picture"),
    N_("no JPEG, PNG, WebP, TIFF or HEIC picture that can be read"),
    N_("an SVG or a packed file: it can hold programs and call other places"),
    N_("a GIF"),
    N_("a PDF"),
    N_("a file of a picture program"),
    N_("a BMP"),
    N_("a packed file"),
    N_("an AVIF"),
    N_("Save it as a JPEG, PNG, WebP or TIFF"),
    N_("Save it as one"),
    N_("Save it again"),
    N_("HEIC pictures cannot be read here"),
    N_("Save it as a JPEG, or on the host run: pip install pillow-heif"),
)
PLACE = re.compile(r"\{(\w+)\}")


def worded(english: str) -> str:
    """An error's sentence in the language of the run; as it is where none of ours fits."""
    for sentence, pattern in _patterns():
        found = pattern.fullmatch(english)
        if found:
            return _(sentence).format(**found.groupdict())
    return _(english)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, _pattern(sentence)) for sentence in SENTENCES)


def _pattern(sentence: str) -> re.Pattern[str]:
    """What matches the sentence with anything in its places."""
    words = PLACE.split(sentence)  # text, name, text, name, …, text
    parts = [re.escape(w) if i % 2 == 0 else f"(?P<{w}>.+)" for i, w in enumerate(words)]
    return re.compile("".join(parts), re.DOTALL)
