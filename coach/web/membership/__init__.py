"""The pages of a coach with members. Imported only then; every one works without script.

::

    passkey_page passkeys, by the ``ceremony`` of a browser; imported only where the package is there
    sign_on      single sign-on, by the ``provider`` of the settings; imported only with one
    arrival      sign in, join by an invitation, recover, lock, sign out
    member_page  a member's own page: what is protected from whom, password, code, browsers and programs, leaving
    share_page   sheets shared with one named member
    group_page   who is here, invitations, roles, and what admins did
    handouts_page  packs and kinds of session that hosts hand out to all
    group_numbers  numbers of the whole group, and whether a member is counted in them
"""

from coach.web.membership import arrival, group_numbers, group_page, handouts_page, member_page, share_page

_PAGES = (arrival, member_page, group_numbers, group_page, handouts_page, share_page)
_ROUTERS = (*(each.router for each in _PAGES), group_numbers.api)

routes = [route for each in _ROUTERS for route in each.routes]
"""Without those of a single sign-on, which are in ``sign_on`` and need Authlib."""
