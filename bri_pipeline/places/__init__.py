"""City strings of Chinese inventors and applicants → province, with the reasons for every answer."""
