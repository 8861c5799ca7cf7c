"""Alert chains: what a chain means, whether it reaches its groups in time, and what would help.

``chain``      the values: actors, lists, groups, resources, and the delay law
``defaults``   what is assumed where nothing has been measured, each figure with its source
``scenarios``  when the alarm comes and what is out of order
``lint``       what is wrong with a chain before anything is computed
``reference``  the meaning of a chain in plain Python; tells the story of one run
``simulate``   the answer: shares with intervals, times, how it fails
``exact``      the same question without time, solved exactly; single points of failure
``closed_form``  simple chains worked out on paper
``cuts``       what must fail together to silence a group, or several
``rare``       how often a group fails that hardly ever does
``fixes``      which single change would help most; ``packages``: which set of them, for a budget
``hours``      every hour of the calendar as a heat map
``story``      one run told line by line, and as a trace
``sweep``      many scenarios and hours over processes or machines

Nothing here knows the database or the web. Importing this package does not import Numba: call
``warm.warm(folder)`` once before the first simulation, so that the machine code is kept in that folder.
"""
