# The tree of who brought whom.

menu-tree = Who brought whom
usage-tree = Use: /tree ID, /tree @name or /tree CODE
tree-title = Tree of { $name }
tree-brought-by = Brought by
tree-figures = { $spent } · { $joined }
tree-root-figures = { $spent } spent · joined { $joined }
tree-friends = { $count ->
        [one] { $count } friend
       *[other] { $count } friends
    }
tree-theirs = { $count } of theirs
tree-more = and { $count } more
tree-larger = { $count } larger above
tree-none = Nobody has joined by their link yet.
tree-caption = 🌳 <b>{ $name }</b> ({ $id }{ $username }), code <code>{ $code }</code>
    Friends: { $friends }, and theirs: { $theirs }. The largest spenders come first.
    Press a number to see that friend's tree.
tree-caption-none = 🌳 <b>{ $name }</b> ({ $id }{ $username }), code <code>{ $code }</code>
    Friends: { $friends }, and theirs: { $theirs }.
tree-file = 🌳 The tree of { $name }: { $lines } of { $of } people, two levels.
tree-file-part = 🌳 The tree of { $name }: the first { $lines } of { $of } people, two levels.
button-tree-larger = ‹ Larger
button-tree-smaller = Smaller ›
