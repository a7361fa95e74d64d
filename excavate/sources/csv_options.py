"""What a person may say of a CSV; apart, for the command line reads it before it needs Arrow."""

OPTIONS = {
    "key": "column whose values name the rows; the first unique of id, key, file, file_name, …",
    "picture": "column of paths below the file's folder, or of addresses, which are not opened",
    "root": "folder that the pictures lie in, where it is another than the file's",
    "split_column": "column that names each row's split",
    "labels": "COLUMN,COLUMN: become labels, their values categories",
    "said_by": "self, perceived, machine or metadata: who said the labels; or COLUMN:WHO,…",
    "multiple": "COLUMN,COLUMN:SEPARATOR: cells that hold several values",
    "title": "the dataset's title",
    "licence": "column of licences",
    "creator": "column of creators",
    "url": "column of addresses",
    "separator": "a character, or 'tab'; tab for .tsv, else a comma",
    "encoding": "utf-8, or as Korean exports are often written: cp949",
}
