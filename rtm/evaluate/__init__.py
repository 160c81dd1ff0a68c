"""How well rtm understands what it reads, measured on labelled data that nothing is tuned on."""
