use super::State;

#[test]
fn what_is_no_artifact_is_refused_with_its_code() {
    let mut state = State::new();
    state.reserve(16);
    assert_eq!(state.load(16), 0);
    assert_eq!(state.write_failure(), 3);
    assert_eq!(&state.buffer()[4..8], b"E200");
}
