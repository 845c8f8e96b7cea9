"""Reads people, days, moments, threads and promises from words. Pure; decides no route and makes no plan."""
