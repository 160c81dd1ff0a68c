"""How people feel about the brand: learned online from the team's labels, shown in aggregate."""
