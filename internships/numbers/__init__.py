"""Numbers of a role's home page (`home`), of a year (`yearly`), and how long each step takes (`pace`)."""
