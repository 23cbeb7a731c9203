# कौन किसको लाया।

menu-tree = कौन किसको लाया
usage-tree = ऐसे लिखें: /tree ID, /tree @name या /tree CODE
tree-title = { $name } का पेड़
tree-brought-by = इन्हें लाए
tree-figures = { $spent } · { $joined }
tree-root-figures = { $spent } ख़र्च · { $joined } से
tree-friends = { $count ->
        [one] { $count } दोस्त
       *[other] { $count } दोस्त
    }
tree-theirs = और उनके { $count }
tree-more = और { $count }
tree-larger = इनसे ज़्यादा ख़र्च वाले: { $count }
tree-none = इनके लिंक से अभी कोई नहीं जुड़ा।
tree-caption = 🌳 <b>{ $name }</b> ({ $id }{ $username }), कोड <code>{ $code }</code>
    दोस्त: { $friends }, और उनके दोस्त: { $theirs }। सबसे ज़्यादा ख़र्च वाले पहले।
    किसी दोस्त का पेड़ देखने के लिए उसका नंबर दबाएँ।
tree-caption-none = 🌳 <b>{ $name }</b> ({ $id }{ $username }), कोड <code>{ $code }</code>
    दोस्त: { $friends }, और उनके दोस्त: { $theirs }।
tree-file = 🌳 { $name } का पेड़: { $of } में से { $lines } लोग, दो स्तर।
tree-file-part = 🌳 { $name } का पेड़: { $of } में से पहले { $lines } लोग, दो स्तर।
button-tree-larger = ‹ ज़्यादा
button-tree-smaller = कम ›
