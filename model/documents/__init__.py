"""Documents to learn from: tutorials, how-to guides and explanations, written in Markdown, and the reference, made from
the code. The page serves them under Help, `pushpull export docs` writes them as a site that needs no server.

document_list.py    which documents there are, of which kind; the Markdown of one in a language
stated_numbers.py   the numbers that stand in them, computed when they are asked for
markdown_pages.py   Markdown -> HTML with anchors; its sections, for the search
name_pages.py       the reference of outcomes, levers, equations, parameters and sources
python_pages.py, command_pages.py, scenario_format.py     the reference of Python, commands and scenario files
site.py             all of it as pages with contents, neighbours and an index of words
"""
