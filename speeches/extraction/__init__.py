"""Text to commitments. Pure Python and jieba: no Django, no clock, no I/O."""
