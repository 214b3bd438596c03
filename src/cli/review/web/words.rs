//! What the server says on the terminal.

use std::net::IpAddr;

use kanwu::Language;

/// What it means to listen at an address that others can reach.
pub(crate) fn listens(address: IpAddr, password: bool, language: Language) -> String {
    match (language, password) {
        (Language::Chinese, true) => format!(
            "kanwu: 正在 {address} 上监听：网络中的其他机器也能连接。凭口令或带令牌的网址即可读到文稿并作出\
             决定；连接未加密，同一网络中的人可能窃听。请只在可信的网络中使用。"
        ),
        (Language::Chinese, false) => format!(
            "kanwu: 正在 {address} 上监听：网络中的其他机器也能连接。谁拿到下面带令牌的网址，谁就能读到文稿并\
             作出决定；连接未加密，同一网络中的人可能窃听。请只在可信的网络中使用。"
        ),
        (Language::English, true) => format!(
            "kanwu: listening on {address}, where other machines can connect. Whoever has the \
             password or the address with its token can read the texts and decide. The connection \
             is not encrypted: others on the network may listen in. Use it on a network you trust."
        ),
        (Language::English, false) => format!(
            "kanwu: listening on {address}, where other machines can connect. Whoever has the \
             address below, with its token, can read the texts and decide. The connection is not \
             encrypted: others on the network may listen in. Use it on a network you trust."
        ),
    }
}

/// How to end it.
pub(crate) fn stop(language: Language) -> String {
    match language {
        Language::Chinese => "请在浏览器中打开此网址；按 Ctrl-C 结束。".to_string(),
        Language::English => "Open this address in a browser; Ctrl-C ends the review.".to_string(),
    }
}

/// What was done, and what to do next.
pub(crate) fn ended(decided: usize, all: usize, language: Language) -> String {
    match language {
        Language::Chinese => {
            format!("{all} 处建议中已决定 {decided} 处。用 kanwu apply 将决定写入文件。")
        }
        Language::English => {
            format!(
                "{decided} of {all} suggestions are decided on; `kanwu apply` carries them out."
            )
        }
    }
}
