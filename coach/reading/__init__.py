"""What can be read from words: people, moments, threads, promises. Pure; decides no route and makes no plan."""
