"""Teaching: courses and classes, assignments and exams, who understood what, points, practice, oral defence."""
