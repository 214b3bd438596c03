//! Much work at once, its results in order, and never more than a window of them in memory.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use rayon::ThreadPoolBuilder;

/// How much may be in work, or done and waiting for its turn, at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Items.
    pub items: usize,
    /// What they weigh together, in bytes of input. An item heavier than that is alone.
    pub bytes: u64,
}

impl Window {
    /// The window for the threads of rayon: enough items that a slow one does not leave the other
    /// threads without work, and not many megabytes.
    pub fn of_threads() -> Self {
        Self { items: 8 * rayon::current_num_threads(), bytes: 8 << 20 }
    }
}

/// Does `work` on every item, as many at a time as rayon has threads, and hands the results to
/// `emit` on the thread of the caller, in the order of the items.
///
/// The next item is taken from `items` when there is room in the window, so that whoever produces
/// them is held back by whoever takes the results. Each item comes with its weight in bytes.
///
/// An item that is begun while no other is in the window, as one heavier than the window always
/// is, has all threads of rayon for what it does in parallel. The others keep each to one thread:
/// a thread that waits for a part of an item would begin another item meanwhile, and that one a
/// third, and hold them all in memory.
///
/// # Errors
/// What `emit` returns first; no further item is begun then.
pub fn in_order<T: Send, R: Send, E>(
    items: impl Iterator<Item = (u64, T)> + Send,
    window: Window,
    work: impl Fn(T) -> R + Sync,
    mut emit: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let room = Room { window, ..Room::default() };
    let items = Mutex::new(items.enumerate());
    let next = || {
        let mut items = items.lock().unwrap_or_else(PoisonError::into_inner);
        let (turn, (weight, item)) = items.next()?;
        Some((turn, weight, item, room.take(weight)?))
    };
    let (done, results) = mpsc::channel::<Done<R>>();
    thread::scope(|scope| {
        let (room, next, work) = (&room, &next, &work);
        let threads = rayon::current_num_threads();
        for _ in 0..threads {
            let done = done.clone();
            scope.spawn(move || {
                let one = (threads > 1).then(|| ThreadPoolBuilder::new().num_threads(1).build());
                let lane = one.and_then(Result::ok);
                while let Some((turn, weight, item, alone)) = next() {
                    let result = match &lane {
                        Some(lane) if !alone => lane.install(|| work(item)),
                        _ => work(item),
                    };
                    // Nobody listens any more once `emit` has failed.
                    let _ = done.send(Done { turn, weight, result });
                }
            });
        }
        drop(done);
        let mut waiting = Waiting::default();
        for done in results {
            waiting.put(done);
            while let Some(done) = waiting.next() {
                if let Err(error) = emit(done.result) {
                    room.close();
                    return Err(error);
                }
                room.give_back(done.weight);
            }
        }
        Ok(())
    })
}

/// A result and its turn.
struct Done<R> {
    turn: usize,
    weight: u64,
    result: R,
}

/// Results that are done before their turn.
struct Waiting<R> {
    turn: usize,
    results: VecDeque<Option<Done<R>>>,
}

impl<R> Default for Waiting<R> {
    fn default() -> Self {
        Self { turn: 0, results: VecDeque::new() }
    }
}

impl<R> Waiting<R> {
    fn put(&mut self, done: Done<R>) {
        let place = done.turn - self.turn;
        if self.results.len() <= place {
            self.results.resize_with(place + 1, || None);
        }
        self.results[place] = Some(done);
    }

    /// The result whose turn it is, if it is done.
    fn next(&mut self) -> Option<Done<R>> {
        let done = self.results.front_mut()?.take()?;
        self.results.pop_front();
        self.turn += 1;
        Some(done)
    }
}

/// What of the window is free.
#[derive(Default)]
struct Room {
    window: Window,
    taken: Mutex<Taken>,
    freed: Condvar,
}

#[derive(Default)]
struct Taken {
    items: usize,
    bytes: u64,
    closed: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self::of_threads()
    }
}

impl Room {
    /// Waits for room and takes it. True when the item is alone then, nothing when no more is to be
    /// begun.
    fn take(&self, weight: u64) -> Option<bool> {
        let mut taken = self.lock();
        while !taken.closed
            && taken.items > 0
            && (taken.items >= self.window.items || taken.bytes + weight > self.window.bytes)
        {
            taken = self.freed.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        taken.items += 1;
        taken.bytes += weight;
        (!taken.closed).then_some(taken.items == 1)
    }

    fn give_back(&self, weight: u64) {
        let mut taken = self.lock();
        taken.items -= 1;
        taken.bytes -= weight;
        self.freed.notify_one();
    }

    fn close(&self) {
        self.lock().closed = true;
        self.freed.notify_one();
    }

    /// The counts are right whatever thread may have panicked while it held them.
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn results_come_in_order_and_few_at_a_time() {
        let (begun, ended) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let items = (0..200usize).map(|item| (1, item));
        let mut seen = Vec::new();
        let window = Window { items: 5, bytes: 100 };
        let work = |item: usize| {
            let open = begun.fetch_add(1, Ordering::SeqCst) - ended.load(Ordering::SeqCst);
            assert!(open < 5, "{open} were in work before");
            thread::sleep(Duration::from_micros(((item * 7919) % 13) as u64 * 50));
            item
        };
        let emit = |item| {
            seen.push(item);
            ended.fetch_add(1, Ordering::SeqCst);
            Ok::<(), Infallible>(())
        };
        in_order(items, window, work, emit).expect("nothing fails");
        assert_eq!(seen, (0..200).collect::<Vec<_>>());
    }

    #[test]
    fn a_heavy_item_is_alone() {
        let weight = AtomicUsize::new(0);
        let items = [3u64, 50, 4, 4, 90, 2].into_iter().map(|weight| (weight, weight as usize));
        let window = Window { items: 10, bytes: 10 };
        let work = |item: usize| {
            let others = weight.fetch_add(item, Ordering::SeqCst);
            assert!(others == 0 || others + item <= 10, "{item} beside {others}");
            item
        };
        let emit = |item| {
            weight.fetch_sub(item, Ordering::SeqCst);
            Ok::<(), Infallible>(())
        };
        in_order(items, window, work, emit).expect("nothing fails");
    }

    #[test]
    fn the_first_error_ends_it() {
        let begun = AtomicUsize::new(0);
        let items = (0..1000usize).map(|item| (1, item));
        let work = |item| {
            begun.fetch_add(1, Ordering::SeqCst);
            item
        };
        let emit = |item| if item < 10 { Ok(()) } else { Err(item) };
        let window = Window { items: 4, bytes: 100 };
        assert_eq!(in_order(items, window, work, emit), Err(10));
        assert!(begun.load(Ordering::SeqCst) <= 20);
    }
}
