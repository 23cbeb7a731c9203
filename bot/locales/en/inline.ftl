# The catalogue in every chat, pictures, the order of plans, and waiting for stock.

inline-plan = <b>{ $title }</b>
inline-plan-figures = <b>{ $price }</b> · { $days ->
        [one] { $days } day
       *[other] { $days } days
    } · Screens: { $screens }
inline-plan-line = { $price } · { $days ->
        [one] { $days } day
       *[other] { $days } days
    } · { $platform }
inline-plan-button = 🛍 Open in { $shop }
inline-refer = 🎁 Invite a friend
inline-refer-line = Send your personal link to { $shop }
inline-refer-text = <b>{ $shop }</b>
    Streaming plans at a fair price, paid by UPI, delivered right here in Telegram. Come in with my link: { $link }
inline-refer-button = 🎁 Join { $shop }
inline-open = Open the shop
help-inline = In any chat, type @{ $bot } and a word, such as “@{ $bot } netflix”, to send a plan or your own link to a friend.

categories = <b>Plans</b>
    Choose a category, or type what you are looking for behind the command: /plans films

product-shelf = Place: { $place } of { $of }
    Picture: { $picture }
picture-yes = yes
picture-no = none
button-picture = 🖼 Picture
button-picture-remove = Remove picture
button-up = ⬆️ Move up
button-down = ⬇️ Move down
button-place = 🔢 Place…
product-ask-picture = { $name }, send the picture of { $title } as a photo, as your next message here. /cancel leaves it.
product-picture-wrong = That is not a photo. Please send the picture as a photo (not as a file), or /cancel.
product-picture-set = 🖼 { $title } has a new picture.
product-picture-album = 🖼 { $title } has a new picture: the first of these. A plan has one; the others are left.
product-ask-place = { $name }, send the new place of { $title } as your next message here: a number from 1 (the first) to { $of } (the last). It is now: { $place }. /cancel leaves it.
product-place-wrong = That is not a place. Please send a number from 1 to { $of }, or /cancel.
product-placed = { $title } is at place { $place } of { $of } now.
picture-lost = 🖼 Telegram does not know the picture of <b>{ $title }</b> (<code>{ $code }</code>) any more, so customers see the plan without it. Perhaps the bot's token was changed. Please send the picture again: press the button, then Picture.

button-wait = 🔔 Tell me when it is back
button-wait-no-more = 🔕 Do not tell me any more
plan-waiting = 🔔 You will be told here when it is back.
back-in-stock = 🔔 <b>{ $title }</b> is back in stock, at { $price }.
button-see-plan = Show the plan
