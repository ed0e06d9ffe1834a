"""Bytes to text, one module for each family of formats. No Django here."""
