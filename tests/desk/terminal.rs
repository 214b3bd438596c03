//! A program in a terminal of its own, and what its screen shows.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use avt::Vt;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long something may take on a machine with other work.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often is looked.
const GLANCE: Duration = Duration::from_millis(15);

/// How a program asks where the cursor is.
const WHERE: &[u8] = b"\x1b[6n";

/// Around what a program wants shown at once (synchronized output, DEC private mode 2026).
const UPDATE: [&[u8]; 2] = [b"\x1b[?2026h", b"\x1b[?2026l"];

pub(crate) struct Terminal {
    screen: Arc<Mutex<Vt>>,
    /// All that was written to it.
    written: Arc<Mutex<Vec<u8>>>,
    keyboard: Arc<Mutex<Box<dyn Write + Send>>>,
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
}

impl Terminal {
    /// Starts kanwu in `folder`, in a terminal of that size.
    pub(crate) fn start(folder: &Path, args: &[&str], columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_kanwu"));
        command.args(args);
        command.cwd(folder);
        for name in ["LC_ALL", "LC_MESSAGES", "LANGUAGE", "NO_COLOR", "CLICOLOR_FORCE", "COLORTERM"]
        {
            command.env_remove(name);
        }
        command.env("XDG_DATA_HOME", folder);
        command.env("LANG", "en_US.UTF-8");
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let mut output = pair.master.try_clone_reader().expect("what the program writes");
        let keyboard = Arc::new(Mutex::new(pair.master.take_writer().expect("a keyboard")));
        let screen = Vt::builder().size(columns.into(), rows.into()).build();
        let screen = Arc::new(Mutex::new(screen));
        let written = Arc::new(Mutex::new(Vec::new()));
        let (shown, kept, answers) = (screen.clone(), written.clone(), keyboard.clone());
        thread::spawn(move || {
            let (mut buffer, mut fed) = ([0; 4096], 0);
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                let mut kept = kept.lock().expect("nobody has failed");
                kept.extend(&buffer[..count]);
                let ready = &kept[fed..fed.max(complete(&kept))];
                // A character whose last bytes are still to come waits for them.
                let whole = match std::str::from_utf8(ready) {
                    Ok(text) => text.len(),
                    Err(error) => error.valid_up_to(),
                };
                let text = String::from_utf8_lossy(&kept[fed..fed + whole]).into_owned();
                fed += whole;
                let mut shown = shown.lock().expect("nobody has failed");
                shown.feed_str(&text);
                if text.as_bytes().windows(WHERE.len()).any(|bytes| bytes == WHERE) {
                    let cursor = shown.cursor();
                    let answer = format!("\x1b[{};{}R", cursor.row + 1, cursor.col + 1);
                    let mut answers = answers.lock().expect("nobody has failed");
                    answers.write_all(answer.as_bytes()).expect("the program reads");
                }
            }
        });
        Self { screen, written, keyboard, master: pair.master, child }
    }

    /// Types, and sends what keys send: `\r` for Enter, `\t` for Tab.
    pub(crate) fn type_keys(&mut self, keys: &str) {
        let mut keyboard = self.keyboard.lock().expect("nobody has failed");
        keyboard.write_all(keys.as_bytes()).expect("the program reads");
        keyboard.flush().expect("the program reads");
    }

    /// The lines of the screen.
    pub(crate) fn lines(&self) -> Vec<String> {
        let screen = self.screen.lock().expect("nobody has failed");
        screen.view().map(|line| line.text().trim_end().to_string()).collect()
    }

    /// Looks at the cells of the screen.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Vt) -> T) -> T {
        look(&self.screen.lock().expect("nobody has failed"))
    }

    /// Waits until `shows` holds of the lines of the screen.
    pub(crate) fn wait(&self, what: &str, shows: impl Fn(&[String]) -> bool) {
        let begun = Instant::now();
        while !shows(&self.lines()) {
            let screen = self.lines().join("\n");
            assert!(begun.elapsed() < PATIENCE, "{what} is not shown:\n{screen}");
            thread::sleep(GLANCE);
        }
    }

    /// Waits until `text` stands somewhere on the screen.
    pub(crate) fn wait_for(&self, text: &str) {
        self.wait(text, |lines| lines.iter().any(|line| line.contains(text)));
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        let mut screen = self.screen.lock().expect("nobody has failed");
        screen.resize(columns.into(), rows.into());
        drop(screen);
        self.master.resize(size(columns, rows)).expect("a terminal can be resized");
    }

    /// What the program has written so far.
    pub(crate) fn written(&self) -> String {
        String::from_utf8_lossy(&self.written.lock().expect("nobody has failed")).into_owned()
    }

    /// Waits for the end of the program. Gives its exit status.
    pub(crate) fn end(&mut self) -> u32 {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it is a child") {
                // The last of what it wrote may still be on its way.
                thread::sleep(10 * GLANCE);
                return status.exit_code();
            }
            assert!(begun.elapsed() < PATIENCE, "it goes on:\n{}", self.lines().join("\n"));
            thread::sleep(GLANCE);
        }
    }

    /// Ends the program as a power cut does.
    pub(crate) fn kill(&mut self) {
        let id = self.child.process_id().expect("it runs").to_string();
        let mut kill = std::process::Command::new("kill");
        assert!(kill.args(["-9", &id]).status().expect("kill runs").success());
        self.child.wait().expect("it is a child");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

/// How many bytes of what was written can be shown: an update that is still to end waits.
fn complete(written: &[u8]) -> usize {
    let last = |mark: &[u8]| written.windows(mark.len()).rposition(|bytes| bytes == mark);
    let [begun, ended] = UPDATE.map(last);
    begun.filter(|_| begun > ended).unwrap_or(written.len())
}
