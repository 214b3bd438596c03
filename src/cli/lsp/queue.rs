//! Texts that wait to be checked: one at a time is, on a thread of its own. While somebody types
//! nothing is started, and what has become old is given up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use kanwu::batch::survive;

/// Something that waits, for a text. Of one text only the newest does.
pub(super) trait Job: Send + 'static {
    /// The name of the text.
    fn text(&self) -> &str;
}

/// The queue, for those who put something into it.
pub(super) struct Queue<J> {
    desk: Arc<Desk<J>>,
}

struct Desk<J> {
    state: Mutex<State<J>>,
    changed: Condvar,
}

struct State<J> {
    /// With the time before which it is not begun, in the order they came.
    waiting: Vec<(Instant, J)>,
    /// The text in work, and what tells to give it up.
    at_work: Option<(String, Arc<AtomicBool>)>,
    closed: bool,
}

impl<J: Job> Queue<J> {
    /// A queue whose jobs are done by `work`, which should look now and then whether it is to give
    /// up; `report` gets the result, or what a panic said.
    pub(super) fn new<R>(
        mut work: impl FnMut(&J, &AtomicBool) -> R + Send + 'static,
        mut report: impl FnMut(J, Result<R, String>) + Send + 'static,
    ) -> Self {
        let state = State { waiting: Vec::new(), at_work: None, closed: false };
        let desk = Arc::new(Desk { state: Mutex::new(state), changed: Condvar::new() });
        let queue = Self { desk: Arc::clone(&desk) };
        thread::spawn(move || {
            while let Some((job, stop)) = desk.next() {
                let result = survive(|| work(&job, &stop));
                desk.state().at_work = None;
                report(job, result);
            }
        });
        queue
    }

    /// Puts in a job that is begun after `delay`. What waits for the same text is forgotten, what is
    /// in work for it given up.
    pub(super) fn put(&self, job: J, delay: Duration) {
        let mut state = self.desk.state();
        state.forget(job.text());
        state.waiting.push((Instant::now() + delay, job));
        self.desk.changed.notify_one();
    }

    /// Forgets a text.
    pub(super) fn forget(&self, text: &str) {
        self.desk.state().forget(text);
    }
}

impl<J> Drop for Queue<J> {
    fn drop(&mut self) {
        let mut state = self.desk.state();
        state.closed = true;
        if let Some((_, stop)) = &state.at_work {
            stop.store(true, Ordering::Relaxed);
        }
        self.desk.changed.notify_one();
    }
}

impl<J> Desk<J> {
    fn state(&self) -> MutexGuard<'_, State<J>> {
        // Nothing panics while the state is held, and if it did each job would still be whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J: Job> Desk<J> {
    /// Waits for a job whose time has come; `None` when the queue is closed.
    fn next(&self) -> Option<(J, Arc<AtomicBool>)> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            let now = Instant::now();
            let first = (0..state.waiting.len()).min_by_key(|index| state.waiting[*index].0);
            state = match first.map(|index| (index, state.waiting[index].0)) {
                Some((index, due)) if due <= now => {
                    let (_, job) = state.waiting.remove(index);
                    let stop = Arc::new(AtomicBool::new(false));
                    state.at_work = Some((job.text().to_string(), Arc::clone(&stop)));
                    return Some((job, stop));
                }
                Some((_, due)) => {
                    let waited = self.changed.wait_timeout(state, due - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl<J: Job> State<J> {
    fn forget(&mut self, text: &str) {
        self.waiting.retain(|(_, job)| job.text() != text);
        if let Some((at_work, stop)) = &self.at_work
            && at_work == text
        {
            stop.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, channel};

    type Typed = (&'static str, u32);

    impl Job for Typed {
        fn text(&self) -> &str {
            self.0
        }
    }

    const SHORT: Duration = Duration::from_millis(30);
    const LONG: Duration = Duration::from_secs(20);

    /// What has become of a job: whether it was given up, or what its panic said.
    type Done = (Typed, Result<bool, String>);

    /// A queue whose jobs say whether they were given up. Job 0 panics, job 1 is slow.
    fn queue() -> (Queue<Typed>, Receiver<Done>) {
        let (results, received) = channel();
        let work = |job: &Typed, stop: &AtomicBool| {
            let begun = Instant::now();
            while job.1 == 1 && !stop.load(Ordering::Relaxed) && begun.elapsed() < LONG {
                thread::sleep(Duration::from_millis(1));
            }
            assert!(job.1 != 0, "page zero");
            stop.load(Ordering::Relaxed)
        };
        let report = move |job, result| drop(results.send((job, result)));
        (Queue::new(work, report), received)
    }

    #[test]
    fn only_the_newest_text_is_checked() {
        let (queue, results) = queue();
        for version in 2..9 {
            queue.put(("a", version), SHORT);
        }
        queue.put(("b", 9), SHORT);
        assert_eq!(results.recv_timeout(LONG), Ok((("a", 8), Ok(false))));
        assert_eq!(results.recv_timeout(LONG), Ok((("b", 9), Ok(false))));
        assert!(results.recv_timeout(SHORT).is_err());
    }

    #[test]
    fn what_has_become_old_is_given_up() {
        let (queue, results) = queue();
        queue.put(("a", 1), Duration::ZERO);
        thread::sleep(SHORT);
        queue.put(("a", 2), Duration::ZERO);
        assert_eq!(results.recv_timeout(LONG), Ok((("a", 1), Ok(true))));
        assert_eq!(results.recv_timeout(LONG), Ok((("a", 2), Ok(false))));
        queue.put(("a", 3), SHORT);
        queue.forget("a");
        assert!(results.recv_timeout(2 * SHORT).is_err());
    }

    #[test]
    fn a_panic_costs_its_text_only() {
        let (queue, results) = queue();
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        queue.put(("a", 0), Duration::ZERO);
        let result = results.recv_timeout(LONG);
        std::panic::set_hook(hook);
        assert_eq!(result, Ok((("a", 0), Err("page zero".to_string()))));
        queue.put(("a", 2), Duration::ZERO);
        assert_eq!(results.recv_timeout(LONG), Ok((("a", 2), Ok(false))));
    }
}
