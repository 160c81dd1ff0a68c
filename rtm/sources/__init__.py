"""Where posts come from: each module speaks to one outside thing and hands over plain columns."""
