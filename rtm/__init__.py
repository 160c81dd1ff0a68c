"""Watch social streams live, find moments worth a timely post, see trouble while it is small."""

__version__ = "0.1.0"
