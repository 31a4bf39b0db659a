package reports

import (
	"slices"
	"strings"
)

// firstWords and secondWords make the pseudonyms: words that flatter nobody and
// that hardly anybody is called. Their number and order are part of every
// pseudonym: a change renames everybody in every store.
func firstWords() []string {
	return strings.Fields(`
Almond Alpine Amaranth Apricot Aqua Arctic Azure Balmy Bamboo Barley Basalt Beige Birch Blithe Bold Boreal Brass Breezy Briny
Brisk Bronze Burnished Calm Cedar Celadon Cerulean Chalk Chestnut Cinder Cinnamon Citrine Clear Clever Coastal Cobalt Cocoa Copper
Cosmic Cotton Crimson Crisp Curious Cyan Dappled Desert Dewy Eager Early Earthen Ebony Emerald Even Fabled Fallow Fawn Feather
Fleet Flint Floral Fluent Fresh Frosted Gallant Garnet Gentle Gilded Glacial Glad Golden Granite Grassy Hardy Harvest Hazy Honey
Humble Indigo Inland Iron Island Ivory Jolly Jovial Keen Kindly Lacquer Lagoon Lapis Larch Lavender Leafy Lemon Lilac Lime Linen
Lively Lofty Loyal Lucid Lunar Mahogany Malachite Maple Marble Marine Maroon Mellow Mild Mineral Minty Modest Mossy Muted Nautical
Nectar Nimble Northern Oaken Oaten Ochre Olivine Onyx Open Orange Orchid Patient Pearly Pebble Peppery Pewter Pine Placid Plucky
Plum Polar Poplar Prairie Primrose Purple Quartz Quick Quiet Radiant Rainy Rapid Ready Rosewood Russet Rustic Sable Saffron
Sandstone Sapphire Satin Savanna Scenic Sepia Serene Shaded Silent Silken Silver Slate Snowy Solar Southern Spruce Steady Stellar
Still Sturdy Sunlit Supple Tawny Teal Thistle Tidal Timber Topaz Tranquil Tundra Turquoise Twilight Umber Upland Valiant Velvet
Verdant Vermilion Vivid Walnut Wandering Warm Western Wheaten Whispering Willowy Windy Winter Woven Zesty`)
}

func secondWords() []string {
	return strings.Fields(`
Albatross Alpaca Antelope Armadillo Auk Avocet Axolotl Badger Barbet Beaver Bee Beetle Beluga Bison Bluebird Bobcat Bonito Buffalo
Bullfinch Bumblebee Bunting Butterfly Buzzard Camel Capybara Caribou Cassowary Catfish Chameleon Chamois Cheetah Chickadee
Chinchilla Chough Cicada Civet Cockatoo Condor Cormorant Corncrake Coyote Cricket Crocodile Curlew Cuttlefish Dabchick Damselfly
Deer Dingo Dipper Dolphin Dormouse Dotterel Dove Dragonfly Duck Dugong Dunlin Dunnock Eagle Echidna Egret Eider Eland Elk Emu
Ermine Falcon Ferret Fieldfare Firefly Flamingo Flounder Flycatcher Fulmar Gannet Gazelle Gecko Gerbil Gibbon Giraffe Godwit
Goldcrest Goldfinch Gopher Goshawk Grasshopper Grebe Greenshank Grouse Guanaco Hamster Hare Harrier Hedgehog Heron Herring Hoopoe
Hornbill Hornet Hummingbird Ibex Ibis Iguana Impala Jackdaw Jaguar Jellyfish Kakapo Kangaroo Kestrel Kingfisher Kite Kittiwake
Kiwi Koala Kookaburra Kudu Ladybird Lapwing Lemming Lemur Leopard Linnet Lion Lizard Llama Lobster Lynx Macaque Macaw Mackerel
Magpie Mallard Manatee Manta Marmot Marten Meerkat Mockingbird Mongoose Moorhen Moose Narwhal Newt Nightjar Nuthatch Ocelot
Octopus Okapi Orca Oriole Oryx Osprey Ostrich Otter Ouzel Owl Oyster Panda Pangolin Panther Parakeet Partridge Peacock Pelican
Penguin Petrel Pheasant Pika Pilchard Pintail Pipit Platypus Plover Pochard Pony Porcupine Porpoise Ptarmigan Puffin Puma Quail
Quetzal Rabbit Raccoon Raven Razorbill Redshank Redstart Reindeer Roadrunner Rook Salamander Salmon Sandpiper Sardine Scallop
Seahorse Seal Shearwater Shelduck Shrike Siskin Skink Skua Skylark Snipe Sparrow Spoonbill Squid Squirrel Starfish Starling
Stingray Stoat Stonechat Stork Sturgeon Swallow Takin Tamarin Tanager Tapir Tarsier Terrapin Thrush Tiger Tortoise Toucan
Treecreeper Trout Tuna Turbot Turnstone Turtle Vicuna Vole Wallaby Walrus Warbler Waxwing Wheatear Whimbrel Whinchat Wigeon
Wildcat Wolf Wombat Woodcock Woodpecker Yak Zebra`)
}

// common reports whether a name is a word of everyday work, too, and a text that
// uses it may well mean the word.
func common(word string) bool {
	_, found := slices.BinarySearch(commonWords(), strings.ToLower(word))
	return found
}

func commonWords() []string {
	return strings.Fields(`
accept account admin agent agile an and answer api app apply april archer art august automation baker bank bar base best bill
black block blue board bond bot brown bug build bush can carter cash chance change chase check church code cook data date day deal
dean demo deploy dev developer done down draw drew even ever field first fix flow for ford forest found frank free fresh game
german gold good grace grant gray green grey guest hall hand happy hill hope house in iris issue jack jan job jordan joy july june
just king knight lake lane law lead light little long love major manager mark marsh mason may mercy merit miles mint moon new nice
noble north note now office old on open or order owner page paris park parker pass patience penny person pilot plan platform pool
poole porter price pride prince product project ray read real red reed release rich ring river road rob robin robot rock root rose
round royal ruby rush sales save scout search security self service sharp ship shore short sky small smart snow south spring
sprint stage star stark start stone story street strong sue summer sun support swift system task team temple test tester the thorn
tower town trace tree true turner union user wade walker ward waters way web weeks wells west white wild will winter wise wolf
wood woods work worth yes young zone`)
}
