use std::sync::Arc;

use super::*;
use crate::offer::Offered;
use crate::simulation::papers::{desk_key, fact, founding, public, sealed};
use crate::store::Memory;
use crate::store::Store;
use crate::verify::Report;

#[tokio::test]
async fn what_is_recorded_is_read_back_and_verified() {
    let key = desk_key(1);
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let ledger = Ledger::found(Arc::clone(&store), &founding(&key)).await.unwrap();
    let mut head = ledger.origin();
    for number in 1..=600 {
        let Offered::Recorded { slot } =
            ledger.offer(&sealed(&ledger, &head, &key, vec![fact(number)])).await
        else {
            panic!("an empty slot is won")
        };
        head = slot.head();
    }
    let again = Ledger::open(store, Some(ledger.workspace())).await.unwrap();
    let mut replay = again.replay(again.origin());
    let mut read = 0_u64;
    while let Some(slot) = replay.next().await.unwrap() {
        read += 1;
        let entry =
            slot.judged(|held, person| *held == public(&key) && person == Some("ana")).unwrap().unwrap();
        assert_eq!(entry.payload.facts, vec![fact(u128::from(read))]);
    }
    assert_eq!(replay.head(), head);
    assert_eq!(again.verify(|_| {}).await.unwrap(), Report { entries: 600, head, problems: vec![] });
}
