"""What is said of the model and how: numbers, markup, colours, templates; below command line, report and page alike."""
