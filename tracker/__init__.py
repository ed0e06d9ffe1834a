"""What becomes of a commitment; also the Django project package."""
