"""What is said of the model and how: descriptions, numbers, markup; below command line, report and page alike."""
