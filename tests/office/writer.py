"""LibreOffice Writer without a window, to do with a marked file what an editor does."""

import os
import shutil
import subprocess
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue


def value(name, content):
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made


class Writer:
    """A running Writer, with a profile of its own that is removed at the end."""

    def __enter__(self):
        self.profile = tempfile.mkdtemp(prefix="kanwu-office-")
        pipe = f"kanwu{os.getpid()}"
        self.process = subprocess.Popen(
            [
                shutil.which("soffice") or shutil.which("libreoffice"),
                "--headless",
                "--norestore",
                "--nologo",
                f"-env:UserInstallation=file://{self.profile}",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        here = uno.getComponentContext()
        resolver = here.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
        for _ in range(240):
            try:
                self.context = resolver.resolve(address)
                break
            except Exception:
                time.sleep(0.5)
        else:
            raise RuntimeError("LibreOffice does not answer")
        make = self.context.ServiceManager.createInstanceWithContext
        self.desktop = make("com.sun.star.frame.Desktop", self.context)
        self.dispatcher = make("com.sun.star.frame.DispatchHelper", self.context)
        return self

    def __exit__(self, *_):
        try:
            self.desktop.terminate()
        except Exception:
            self.process.terminate()
        self.process.wait(timeout=60)
        shutil.rmtree(self.profile, ignore_errors=True)

    def open(self, path):
        url = uno.systemPathToFileUrl(os.path.abspath(path))
        return self.desktop.loadComponentFromURL(url, "_blank", 0, (value("Hidden", True),))

    def dispatch(self, document, command):
        frame = document.CurrentController.Frame
        self.dispatcher.executeDispatch(frame, command, "", 0, ())

    def decide(self, document, choose):
        """Accepts or rejects changes one by one, or leaves them, as `choose` says for each."""
        cursor = document.CurrentController.ViewCursor
        changes = []
        found = document.Redlines.createEnumeration()
        while found.hasMoreElements():
            changes.append(found.nextElement())
        # From the end, so that what is decided moves nothing that is not.
        for change in reversed(changes):
            command = choose()
            place = change.getPropertyValue("RedlineStart")
            if command and place is not None:
                cursor.gotoRange(place, False)
                self.dispatch(document, command)

    def save(self, document, path):
        url = uno.systemPathToFileUrl(os.path.abspath(path))
        document.storeToURL(url, (value("FilterName", "MS Word 2007 XML"),))


def paragraphs(document):
    """The text of a document, a string for each paragraph of its body."""
    found = []
    paragraph_list = document.Text.createEnumeration()
    while paragraph_list.hasMoreElements():
        paragraph = paragraph_list.nextElement()
        if paragraph.supportsService("com.sun.star.text.Paragraph"):
            found.append(paragraph.String)
    return found
