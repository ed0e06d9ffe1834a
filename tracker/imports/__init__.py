"""Ledgers that an office already has, brought in: read, columns guessed, looked at row by row, entered.

``reading`` turns bytes into rows of text, ``columns`` says what each column means, ``rows`` what each row would
become, ``entering`` makes it so. Nothing is written before the last step, and no row becomes two commitments.
"""
