//! `Http` against a server of a few lines on the loopback: what it brings back, and what it does not follow.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use bailiwick_token::{Address, Answer, Fetch as _, Http, Limits, Plain, Unreachable};

const LIMITS: Limits = Limits { timeout: Duration::from_millis(700), bytes: 1_000 };

/// Serves one connection with these bytes, and gives back what was asked; `linger` keeps it open afterwards.
fn ask(bytes: Vec<u8>, linger: Duration, etag: Option<&str>) -> (Result<Answer, Unreachable>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/keys", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 2_000];
        let length = stream.read(&mut asked).unwrap();
        // A client that has enough hangs up; that is its right.
        let _ = stream.write_all(&bytes);
        std::thread::sleep(linger);
        String::from_utf8_lossy(&asked[..length]).to_lowercase()
    });
    let address = Address::parse(&address, Plain::Loopback).unwrap();
    let answer = Http::new().fetch(&address, etag, LIMITS);
    (answer, server.join().unwrap())
}

fn with(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

#[test]
fn an_answer_is_brought_back_as_it_came() {
    let head = "200 OK\r\nCache-Control: max-age=5\r\nAge: 1\r\nETag: \"a\"";
    let (answer, asked) = ask(with(head, "{}"), Duration::ZERO, Some("\"b\""));
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        answer.unwrap(),
        Answer {
            status: 200,
            body: b"{}".to_vec(),
            etag: text("\"a\""),
            cache_control: text("max-age=5"),
            age: text("1")
        }
    );
    assert!(asked.starts_with("get /keys http/1.1") && asked.contains("if-none-match: \"b\""), "{asked}");
    assert!(!asked.contains("accept-encoding: gzip"), "nothing is unpacked: {asked}");
}

#[test]
fn nothing_is_followed() {
    for head in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let target = TcpListener::bind("127.0.0.1:0").unwrap();
        target.set_nonblocking(true).unwrap();
        let head = format!("{head}\r\nLocation: http://{}/keys", target.local_addr().unwrap());
        let (answer, _) = ask(with(&head, ""), Duration::ZERO, None);
        assert!((300..400).contains(&answer.unwrap().status), "{head}");
        assert!(target.accept().is_err(), "{head}");
    }
}

#[test]
fn long_answers_are_cut() {
    let (answer, _) = ask(with("200 OK", &"x".repeat(5_000)), Duration::ZERO, None);
    assert_eq!(answer.unwrap().body.len(), 1_001, "one byte more than is allowed tells that there were more");
    // Without an end and without a length, the limit is the end.
    let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 50_000]].concat();
    let (answer, _) = ask(endless, Duration::from_millis(50), None);
    assert_eq!(answer.unwrap().body.len(), 1_001);
}

#[test]
fn slow_answers_are_given_up() {
    for bytes in [b"HTTP/1.1 200 OK\r\n".to_vec(), b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()]
    {
        let begun = Instant::now();
        let (answer, _) = ask(bytes, Duration::from_millis(2_500), None);
        assert!(answer.is_err());
        // The server lingers longer than the client may wait.
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn nobody_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = Address::parse(&format!("http://{port}/keys"), Plain::Loopback).unwrap();
    assert!(Http::new().fetch(&address, None, LIMITS).is_err());
    // An encrypted address is not asked without: a server that speaks plainly is no server.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/keys", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.write_all(&with("200 OK", "{}"));
    });
    assert!(Http::new().fetch(&Address::parse(&address, Plain::Refused).unwrap(), None, LIMITS).is_err());
    // Where the system trusts nobody, nobody was asked, and the server still waits.
    if !server.is_finished() {
        let _ =
            std::net::TcpStream::connect(address.trim_start_matches("https://").trim_end_matches("/keys"));
    }
    server.join().unwrap();
}
