"""The papers that an office hands in.

A docx paper is a template filled with plain data. The template is the one that ``paper`` builds in the form of
GB/T 9704 (the standard for official papers), or the office's own, uploaded in its place. Papers are written in
Chinese whatever language the pages are read in: they go to Chinese offices.
"""
