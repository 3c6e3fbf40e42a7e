"""One actor per venue account: takes orders and questions, answers by letter."""
