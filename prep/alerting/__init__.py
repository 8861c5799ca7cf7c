"""Alert chains: what a chain means, whether it reaches its groups in time, and what would help.

``chain``      the values: actors, lists, groups, resources, and the delay law
``defaults``   what is assumed where nothing has been measured, each figure with its source
``scenarios``  when the alarm comes and what is out of order
``lint``       what is wrong with a chain before anything is computed
``reference``  the meaning of a chain in plain Python; tells the story of one run
``simulate``   the answer: shares with intervals, times, how it fails
``exact``      the same question without time, solved exactly; single points of failure
``fixes``      which single change would help most

Nothing here knows the database or the web. Importing this package does not import Numba: call
``warm.warm(folder)`` once before the first simulation, so that the machine code is kept in that folder.
"""
