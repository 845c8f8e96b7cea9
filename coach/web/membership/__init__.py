"""The pages of a coach with members. Imported only then; every one works without script."""

from coach.web.membership import arrival, group_numbers, group_page, handouts_page, member_page, share_page

_PAGES = (arrival, member_page, group_numbers, group_page, handouts_page, share_page)
_ROUTERS = (*(each.router for each in _PAGES), group_numbers.api)

routes = [route for each in _ROUTERS for route in each.routes]
"""Without those of a single sign-on, which are in ``sign_on`` and need Authlib."""
