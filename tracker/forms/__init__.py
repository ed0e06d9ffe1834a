"""The forms, one module an area, as the views are."""
