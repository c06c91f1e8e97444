//! What holds for the house as a whole, read from its sources as text: the floors, what comments cite, the limits.

mod citations;
mod floors;
mod limits;
